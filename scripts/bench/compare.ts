// `pnpm bench compare REV [NAME…]`: headline rows of the working tree against those of a revision, in turn; names what became slower.
import { join } from 'node:path';
import {
  bundleRows,
  commitOf,
  duel,
  exitCodeOf,
  exportCommit,
  judge,
  LIMIT,
  NoFigure,
  type Verdict,
} from '@idspace/testkit/bench';
import { misused } from '@idspace/testkit/script-flags';
import { command, FLAGS, inFolder, ROOT, readTask, told } from './headline.ts';

const HELP = `pnpm bench compare REV [NAME…] [flags]
  REV           the revision that the working tree is compared with
${FLAGS}
Exit 1 if something became slower by more than ${Math.round((LIMIT - 1) * 100)} %, 3 if some row was too noisy to tell.`;

/** @returns 0 if nothing became slower, 1 if something did, 2 for a call that cannot be, 3 if some row was too noisy to tell. */
export function compare(args: string[]): Promise<number> {
  return command('compare', async () => {
    const { first, groups, options } = await readTask(HELP, args, 1);
    if (first.length === 0) misused(HELP, 'got no revision, expected one');
    const commit = commitOf(first[0]!);
    console.log(
      `CPU time of the working tree by that of ${commit.slice(0, 9)}: median of ${options.crews} processes (95 %)`,
    );
    return inFolder(async (folder, duelist) => {
      const old = join(folder, 'tree');
      exportCommit(commit, old);
      const slower: string[] = [];
      const verdicts: Verdict[] = [];
      for (const { name, rows } of groups.filter(({ rows }) => rows.length > 0)) {
        const before = await bundleRows(name, old, join(folder, `${name}-old.mjs`));
        const now = await bundleRows(name, ROOT, join(folder, `${name}-new.mjs`));
        for (const row of rows) {
          const sides = { base: { module: before, name: 'own' }, own: { module: now, name: 'own' } } as const;
          const result = await duel(row.name, sides, duelist, options).catch((error: unknown) => {
            if (error instanceof NoFigure && error.side === 'base') return error.message;
            throw error;
          });
          const title = `${name} · ${row.name}`;
          if (typeof result === 'string') {
            console.log(`  ${title.padEnd(70)} not in that revision: ${result}`);
            continue;
          }
          const verdict = judge(result.change, result.self);
          if (verdict === 'slower') slower.push(title);
          verdicts.push(verdict);
          console.log(`  ${title.padEnd(70)} ${told(result)}`);
        }
      }
      for (const title of slower) console.log(`Slower by more than ${Math.round((LIMIT - 1) * 100)} %: ${title}`);
      return exitCodeOf(verdicts);
    });
  });
}
