// `pnpm bench emscripten-gl`: names, tables, heap and time of the prebuilt program in Chromium, as Emscripten counts and with the pool.
import { parseArgs } from 'node:util';
import { additions, NOTHING } from '../scripts/compile.ts';
import { launch, measure, prebuilt } from '../test/page.ts';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '100000,1000000,4000000' } } });

const browser = await launch();
console.log(`Chromium ${browser.version()} · ${new Date().toISOString().slice(0, 10)}\n`);
console.log(
  '| frames | names | highest name | entries of both tables | heap grew by | per frame |\n|---:|---|---:|---:|---:|---:|',
);
for (const frames of values.frames.split(',').map(Number)) {
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
