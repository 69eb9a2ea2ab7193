// The process around the program: streams, folder, exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { userFolder } from '../src/terminal.ts';
import { CHECKPOINTS, spawnIdspace } from './support/run.ts';

test('a plan as JSON is the only thing on stdout; stderr is empty', () => {
  const { status, stdout, stderr } = spawnIdspace(['plan', 'sparse', '--json'], { cwd: CHECKPOINTS });
  expect(JSON.parse(stdout).checkpoints[0].plan.totals.timers).toBe(3);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('under `pnpm idspace`, paths are relative to where the user stands', () => {
  const env = { npm_lifecycle_event: 'idspace', INIT_CWD: CHECKPOINTS };
  expect(spawnIdspace(['plan', 'sparse', '--json'], { env }).status).toBe(0);
  expect(spawnIdspace(['plan', 'nowhere'], { env }).stderr).toContain(`${CHECKPOINTS}/nowhere`);
});

test.each([
  [{}, '/here'],
  [{ INIT_CWD: '/there' }, '/here'],
  [{ INIT_CWD: '/there', npm_lifecycle_event: 'demo' }, '/here'],
  [{ INIT_CWD: '/there', npm_lifecycle_event: 'idspace' }, '/there'],
  [{ npm_lifecycle_event: 'idspace' }, '/here'],
])('in %j the user stands in %s', (env, folder) => {
  expect(userFolder(env, '/here')).toBe(folder);
});

test('a reader that goes away ends it quietly', async () => {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
  const args = ['--conditions=@idspace/source', '--import', import.meta.resolve('tsx'), cli];
  const paths = Array<string>(200).fill('sparse'); // more output than a pipe holds
  const child = spawn(process.execPath, [...args, 'plan', ...paths], { cwd: CHECKPOINTS });
  child.stdout.once('data', () => child.stdout.destroy());
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
});
