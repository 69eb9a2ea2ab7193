// Names, lines and values that would write to the terminal themselves: in no output of any command does one get through.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printableLines } from '../src/format/printable.ts';
import { runPlugin } from '../src/plan/plugin/run-plugin.ts';
import { CHECKPOINTS, Collector, idspace, type Ran } from './support/run.ts';

/** Clears the screen, colours, reorders, and begins a line that looks like ours. */
const EVIL = 'x\u001b[2J\u009b31m\u202e\u2028\r\nFORGED: all is well\u0007';
const PAIR = ['--kernel', '6.1', '--criu', '4.2'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-hostile-'));
  const fleet = join(folder, `fleet ${EVIL}`);
  mkdirSync(fleet);
  cpSync(join(CHECKPOINTS, 'sparse'), join(fleet, `one ${EVIL}`), { recursive: true });
  cpSync(join(CHECKPOINTS, 'int-max'), join(fleet, `two ${EVIL}`), { recursive: true });
  writeFileSync(join(fleet, `${EVIL}.tar`), 'no archive');
  // A pod: containers named by the folders of the archive, and by what the engine says of them.
  const pod = join(folder, 'pod');
  for (const name of [`a${EVIL}`, `b${EVIL}`]) {
    cpSync(join(CHECKPOINTS, 'sparse'), join(pod, name, 'checkpoint'), { recursive: true });
    const config = { name: EVIL, id: EVIL, 'org.criu.checkpoint.container.name': EVIL };
    writeFileSync(join(pod, name, 'config.dump'), JSON.stringify(config));
    writeFileSync(join(pod, name, 'dump.log'), `Version: 4.2${EVIL}\nRunning on h Linux 6.18${EVIL} #1 SMP\n`);
  }
  execFileSync('tar', ['-cf', join(folder, 'pod.tar'), '-C', pod, '.']);
  const member = join(folder, 'member');
  mkdirSync(join(member, EVIL), { recursive: true });
  writeFileSync(join(member, EVIL, 'inventory.img'), EVIL);
  execFileSync('tar', ['-cf', join(folder, 'member.tar'), '-C', member, EVIL]);
  writeFileSync(join(folder, `trace ${EVIL}`), `r 10 4\n${EVIL}\n`);
  writeFileSync(join(folder, 'good.din'), 'r 10 4\nw 20 4\n');
  const regions = [{ name: EVIL, start: 0, bytes: 64, stride: 32, fields: [{ name: EVIL, offset: 0, bytes: 32 }] }];
  writeFileSync(join(folder, `regions ${EVIL}`), JSON.stringify(regions));
  writeFileSync(join(folder, 'bad-regions'), JSON.stringify([{ name: EVIL, start: EVIL }]));
  writeFileSync(join(folder, `log ${EVIL}`), `1 timer_create(${EVIL}\n`);
  writeFileSync(join(folder, `shard ${EVIL}`), JSON.stringify({ idspace: EVIL, grid: { timers: [EVIL] } }));
  writeFileSync(join(folder, 'crit.json'), JSON.stringify({ magic: 'CORE', entries: [{ mtype: EVIL }] }));
  writeFileSync(join(folder, 'out.json.journal'), `{"idspace":"${EVIL.replace('\n', '')}"}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function checkpointctl(...args: string[]): Promise<Ran> {
  const [out, err] = [new Collector(), new Collector()];
  const exitCode = await runPlugin(
    args,
    { subcommand: 'ids', description: 'What it does' },
    { out, err, folder, env: {} },
  );
  return { exitCode, out: out.text, err: err.text };
}

const fleet = `fleet ${EVIL}`;
const one = `${fleet}/one ${EVIL}`;
const run =
  (...args: string[]) =>
  (): Promise<Ran> =>
    idspace(args, { folder });

test.each<[string, () => Promise<Ran>]>([
  ['a fleet', run('plan', fleet)],
  ['a fleet as JSON', run('plan', fleet, '--json')],
  ['one of a fleet', run('plan', one)],
  ['a matrix', run('plan', one, '--matrix')],
  ['calls', run('plan', fleet, '--emit', 'text')],
  ['a program', run('plan', one, '--emit', 'c')],
  ['a gate', run('plan', fleet, ...PAIR, '--fail-over', '0')],
  ['containers and pods', run('plan', 'pod.tar')],
  ['containers and pods as JSON', run('plan', 'pod.tar', '--json')],
  ['a member of an archive', run('plan', 'member.tar')],
  ['JSON of crit', run('plan', 'crit.json')],
  ['a path that is not there', run('plan', EVIL)],
  ['a rehearsal', run('rehearse', one, '--on', 'model:6.18')],
  ['a trace', run('simulate', `trace ${EVIL}`)],
  ['two traces', run('simulate', 'good.din', `trace ${EVIL}`)],
  ['a region', run('simulate', 'good.din', '--region', `${EVIL}=0+100`)],
  ['a region that is none', run('simulate', 'good.din', '--region', EVIL)],
  ['a file of regions', run('simulate', 'good.din', '--regions', `regions ${EVIL}`)],
  ['a file of regions as JSON', run('simulate', 'good.din', '--regions', `regions ${EVIL}`, '--json')],
  ['a file of none', run('simulate', 'good.din', '--regions', 'bad-regions')],
  ['a file of regions that is not there', run('simulate', 'good.din', '--regions', EVIL)],
  ['levels', run('simulate', 'good.din', '--prefetch', EVIL)],
  ['a log', run('evaluate', '--workload', `strace:log ${EVIL}`)],
  ['a shard', run('merge', `shard ${EVIL}`)],
  ['a journal', run('sweep', '--timers', '5', '--out', 'out.json', '--resume')],
  ['a command', run(EVIL)],
  ['a flag', run('plan', `--${EVIL}`)],
  ['the value of a flag', run('plan', one, '--nspp', EVIL)],
  ['a kernel', run('plan', one, '--kernel', `6.1-${EVIL}`)],
  ['a kernel of one line', run('plan', one, '--kernel', '6.1-\u001b[2J\u202e')],
  ['a claim', run('claims', EVIL)],
  ['a warning', run('plan', one, '--fail-on', EVIL)],
  ['the plugin', () => checkpointctl(one, join(folder, 'pod.tar'), join(folder, 'member.tar'), EVIL)],
])('%s', async (_, command) => {
  const { out, err } = await command();
  expect(out + err).not.toBe('');
  expect(printableLines(out)).toBe(out);
  expect(printableLines(err)).toBe(err);
  expect(`${out}\n${err}`.split('\n').filter((line) => line.startsWith('FORGED'))).toEqual([]);
});

test('JSON keeps the names as they are', async () => {
  const { out } = await idspace(['plan', fleet, '--json'], { folder });
  const paths = JSON.parse(out).checkpoints.map(({ path }: { path: string }) => path);
  expect(paths).toContain(one);
});

test('a report shows names as text', async () => {
  const log = 'named <b>\u202e.strace';
  writeFileSync(
    join(folder, log),
    readFileSync(new URL('../../../packages/evaluation/test/data/thread-pool.strace', import.meta.url)),
  );
  const args = ['evaluate', '--workload', `strace:${log}`, '--designs', 'xarray', '--report', 'report.html'];
  const { exitCode } = await idspace(args, { folder });
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(exitCode).toBe(0);
  expect(page).toContain('named &lt;b&gt;\\u202e.strace');
  expect(printableLines(page)).toBe(page);
});
