// The process around the program: streams, folder, exit code.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { userFolder } from '../src/cli/terminal.ts';
import { CHECKPOINTS, CLI_ARGUMENTS, spawnIdspace } from './support/run.ts';

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
  const paths = Array<string>(200).fill('sparse'); // more output than a pipe holds
  const child = spawn(process.execPath, [...CLI_ARGUMENTS, 'plan', ...paths], { cwd: CHECKPOINTS });
  child.stdout.once('data', () => child.stdout.destroy());
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
});

describe('output that cannot be written', () => {
  /** Runs a command line by a shell, `$@` being the command. */
  function shell(script: string, ...args: string[]): ReturnType<typeof spawnSync> & { stderr: string } {
    const command = ['-c', script, 'sh', process.execPath, ...CLI_ARGUMENTS, ...args];
    return spawnSync('sh', command, { cwd: CHECKPOINTS, encoding: 'utf8' }) as never;
  }

  const outputs = [
    ['text', ['plan', 'sparse']],
    ['JSON', ['plan', 'sparse', '--json']],
    ['help', ['plan', '--help']],
    ['a gate that trips', ['plan', 'sparse', '--fail-on', 'mode-lost']],
  ] as const;
  test.skipIf(!existsSync('/dev/full')).each(withinBudget(outputs))(
    '%s on a full disk: one line, exit code 3',
    (_, args) => {
      const { status, stderr } = shell('"$@" > /dev/full', ...args);
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(
        'idspace: stdout: got a full disk, expected to write all of the output: it is not whole',
      );
      expect(status).toBe(3);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  test('a disk that takes a part of the output', () => {
    const folder = mkdtempSync(join(tmpdir(), 'idspace-full-'));
    try {
      const file = join(folder, 'out.json');
      const { status, stderr } = shell(`ulimit -f 2; "$@" > ${file}`, 'plan', 'clocks-and-notify-kinds', '--json');
      expect(stderr).toBe(
        'idspace: stdout: got a limit to the size of files, expected to write all of the output: it is not whole\n',
      );
      expect(status).toBe(3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a stderr that is full changes nothing', () => {
    const { status, stdout } = shell('"$@" 2> /dev/full', 'plan', 'sparse', '--kernel', '99.0', '--json');
    expect(JSON.parse(stdout as string).checkpoints).toHaveLength(1);
    expect(status).toBe(0);
  });

  test('a reader that goes away does not let a gate pass', () => {
    const gate = ['plan', ...Array<string>(50).fill('int-max'), '--kernel', '6.1', '--criu', '4.2', '--fail-over', '9'];
    const { stderr } = shell('{ "$@"; echo "exit code $?" >&2; } | head -c 10', ...gate, '--json');
    expect(stderr).toMatch(/^idspace plan: int-max does not pass/);
    expect(stderr).toMatch(/^exit code 1$/m);
  });
});
