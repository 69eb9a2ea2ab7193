// `pnpm bench emscripten-gl`: names, tables, heap and time of the prebuilt program in Chromium, as Emscripten counts and with the pool.
import { integerFlag, scriptFlags } from '@idspace/testkit/script-flags';
import { additions, NOTHING } from '../scripts/compile.ts';
import { launch, measure, prebuilt } from '../test/page.ts';

const HELP = `pnpm bench emscripten-gl [flags]
  --frames N,…   lengths of the runs (default 100000,1000000,4000000)`;
const { values: flags } = scriptFlags(HELP, { frames: { type: 'string', default: '100000,1000000,4000000' } });
const lengthsOfRuns = flags.frames.split(',').map((frames) => integerFlag(HELP, 'frames', frames));

const browser = await launch();
console.log(`Chromium ${browser.version()} · ${new Date().toISOString().slice(0, 10)}\n`);
console.log(
  '| frames | names | highest name | entries of both tables | heap grew by | per frame |\n|---:|---|---:|---:|---:|---:|',
);
for (const frames of lengthsOfRuns) {
  for (const [names, added] of [
    ["Emscripten's", NOTHING],
    ['pool', await additions()],
  ] as const) {
    const { highest, lengths, grown, ms } = await measure(browser, prebuilt(added), 0, frames);
    const entries = lengths.buffers + lengths.textures;
    const numbers = [highest, entries].map((number) => number.toLocaleString('en'));
    const cells = [
      frames.toLocaleString('en'),
      names,
      ...numbers,
      `${(grown / 1e6).toFixed(1)} MB`,
      `${Math.round((ms * 1e6) / frames)} ns`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
await browser.close();
