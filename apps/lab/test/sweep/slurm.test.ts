// A sweep as an array of a real Slurm: a task is killed in its midst, queued again, and goes on where it was.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Grid } from '@idspace/evaluation';
import { budget, HANG_MS } from '@idspace/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idspace } from '../support/run.ts';
import { SlurmCluster, WHY_NO_SLURM } from './slurm-cluster.ts';
import { cellsInJournal, flagsOf, IDSPACE, SMALL, sweep, temporaryFolder } from './support.ts';

const GRID: Grid = { ...SMALL, timers: [200, budget(4000, 1500)], designs: ['hash-512', 'xarray'], sample: 1000 };
const TASKS = [5, 6];

describe.skipIf(WHY_NO_SLURM !== null)('on Slurm', () => {
  let cluster: SlurmCluster;
  const folder = temporaryFolder();
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
  }, 3 * HANG_MS);
  afterAll(() => cluster?.stop(), 2 * HANG_MS);

  test('a killed and re-queued task goes on; merged, the array is one run byte for byte', {
    timeout: 6 * HANG_MS,
  }, async () => {
    const file = (name: string): string => join(cluster.folder, name);
    const read = (name: string): string => readFileSync(file(name), 'utf8');
    const command = [process.execPath, ...IDSPACE, 'sweep', ...flagsOf(GRID), '--resume'].join(' ');
    const script = `#!/bin/sh
#SBATCH --array=${TASKS.join('-')} --requeue --open-mode=append --output=log-%a
echo $$ > pid-$SLURM_ARRAY_TASK_ID
exec ${command} --out shard-$SLURM_ARRAY_TASK_ID.json
`;
    writeFileSync(file('sweep.sbatch'), script);
    const job = cluster.run('sbatch', '--parsable', 'sweep.sbatch');
    await cellsInJournal(file('shard-5.json.journal'), 1);
    process.kill(Number(read('pid-5')), 'SIGKILL');
    await cluster.until('the killed task has failed', () => cluster.state(job, 5) === 'FAILED');
    const had = read('shard-5.json.journal').split('\n').length - 2;
    cluster.run('scontrol', 'requeue', `${job}_5`);
    // What starts in the second in which it ended has its credential revoked: that is why Slurm waits. It has ended by now, so this
    // is enough however slow the machine is.
    await sleep(3000);
    await cluster.until('all tasks are done', () => {
      cluster.hurry(job, 5);
      return TASKS.every((task) => cluster.state(job, task) === 'COMPLETED');
    });
    expect(had).toBeLessThan(8);
    expect(read('log-5')).toContain('Shard 1/2, from SLURM_ARRAY_TASK_ID 5 of 2 from 5.');
    expect(read('log-5')).toContain(`${had} cell${had === 1 ? '' : 's'} of 8 had been done before.`);
    expect(read('log-6')).toContain('Shard 2/2, from SLURM_ARRAY_TASK_ID 6 of 2 from 5.');
    const shards = TASKS.map((task) => file(`shard-${task}.json`));
    expect((await idspace(['merge', ...shards, '--out', join(folder, 'merged.json')])).exitCode).toBe(0);
    await sweep(GRID, { path: join(folder, 'whole.json') });
    expect(readFileSync(join(folder, 'merged.json'), 'utf8')).toBe(readFileSync(join(folder, 'whole.json'), 'utf8'));
  });
});
