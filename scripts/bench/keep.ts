// `pnpm bench keep [NAME…]`: headline rows against their alternatives; the ratios go to packages/NAME/bench/results.jsonl.
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { bundleRows, commitOf, duel, isClean, judge } from '@idspace/testkit/bench';
import { command, FLAGS, inFolder, noisy, ROOT, readTask, shown } from './headline.ts';
import { appendResults } from './results.ts';

const HELP = `pnpm bench keep [NAME…] [flags]
${FLAGS}
Exit 3 if some row was too noisy: it is not kept.`;

/** @returns 0 if every row has a result, 2 for a call that cannot be, 3 if some row was too noisy: it is not kept. */
export function keep(args: string[]): Promise<number> {
  return command('keep', async () => {
    const { groups, options } = await readTask(HELP, args, 0);
    const common = {
      revision: commitOf('HEAD'),
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus()[0]!.model} × ${cpus().length}`,
      node: process.versions.node,
    };
    const isKept = isClean();
    console.log(`${common.machine} · Node ${common.node} · ${common.revision.slice(0, 9)}`);
    console.log(`CPU time by that of the alternative: median of ${options.crews} processes (95 %)`);
    return inFolder(async (folder, duelist) => {
      let unknown = 0;
      for (const { name, rows } of groups.filter(({ rows }) => rows.length > 0)) {
        const module = await bundleRows(name, ROOT, join(folder, `${name}.mjs`));
        for (const row of rows) {
          const sides = { base: { module, name: 'peer' }, own: { module, name: 'own' } } as const;
          const { change, self } = await duel(row.name, sides, duelist, options);
          const isNoisy = judge(change, self) === 'noisy';
          if (isNoisy) unknown++;
          else if (isKept) {
            const result = { ...common, row: row.name, peer: versioned(row.peer.name), ratio: change };
            appendResults(join(ROOT, 'packages', name, 'bench/results.jsonl'), [result]);
          }
          const text = `${shown(change)} × ${row.peer.name}`;
          console.log(`  ${`${name} · ${row.name}`.padEnd(70)} ${text}${isNoisy ? ` ${noisy(self)}` : ''}`);
        }
      }
      if (!isKept) console.log('Not kept: sources are not as the last commit has them.');
      return unknown > 0 ? 3 : 0;
    });
  });
}

/** Adds the version to the name of a package. */
function versioned(peer: string): string {
  const manifest = join(ROOT, 'node_modules', peer, 'package.json');
  if (!existsSync(manifest)) return peer;
  return `${peer} ${(JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version}`;
}
