// Completion and the man page: made of the help, and read by the shells and formatters that are here.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { idspace } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'web.tar'), '');

const COMMANDS = ['demo', 'plan', 'rehearse', 'evaluate', 'sweep', 'merge', 'claims', 'simulate', 'probe'];
const isHere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

async function script(shell: string): Promise<string> {
  const { out, exitCode } = await idspace(['completion', shell]);
  expect(exitCode).toBe(0);
  return out;
}

/** What bash proposes for the last word. */
async function proposed(...words: string[]): Promise<string[]> {
  const line = ['idspace', ...words];
  const asked = `${await script('bash')}
COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length - 1}
_idspace idspace '${line.at(-1)}' '${line.at(-2)}'
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', asked], { encoding: 'utf8', cwd: folder });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

describe.skipIf(!isHere('bash'))('bash', () => {
  test('completes commands', async () => {
    expect(await proposed('')).toEqual(expect.arrayContaining([...COMMANDS, 'completion', 'man', '--help']));
    expect(await proposed('re')).toEqual(['rehearse']);
    expect(await proposed('help', 'cl')).toEqual(['claims']);
  });

  test.each(COMMANDS)('completes every flag of %s', async (command) => {
    const { out } = await idspace([command, '--help']);
    const flags = [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag!);
    expect(flags.length).toBeGreaterThan(2);
    expect((await proposed(command, '--')).sort()).toEqual(flags.sort());
  });

  test('completes values that have names, of lists the last one', async () => {
    expect(await proposed('plan', 'x', '--emit', '')).toEqual(['text', 'json', 'c']);
    expect(await proposed('evaluate', '--designs', 'xarray,id')).toEqual(['xarray,idr']);
    expect(await proposed('plan', '--fail-on', 'wall-clock,thread')).toEqual(['wall-clock,thread-cpu-clock']);
    expect(await proposed('simulate', '--preset', 'zen')).toEqual(['zen-3', 'zen-4']);
    expect(await proposed('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('proposes telling values where others are possible, too, and files beside them', async () => {
    expect(await proposed('evaluate', '--workload', 'threads')).toEqual(['threads-affine', 'threads-random']);
    expect(await proposed('evaluate', '--workload', 's')).toContain('strace:');
    expect(await proposed('plan', '--kernel', '6')).toEqual(['6.1', '6.18']);
    expect(await proposed('plan', '--criu', 'n')).toEqual(['native']);
    expect(await proposed('plan', '--nspp', '')).toEqual(['measured']);
    expect(await proposed('plan', '--on', '')).toEqual(['live', 'web.tar']);
    expect(await proposed('simulate', '--ll', '')).toEqual(['none']);
  });

  test('knows that bash splits a value at its colon', async () => {
    expect(await proposed('rehearse', 'x', '--on', 'mo')).toContain('model:6.18');
    expect(await proposed('rehearse', 'x', '--on', 'model', ':', '6')).toEqual(['6.1', '6.18']);
    expect(await proposed('rehearse', 'x', '--on', 'model', ':')).toEqual(expect.arrayContaining(['dense', '6.18']));
    expect(await proposed('plan', '--kernel', 'restricted', ':', '')).toEqual(['65536']);
  });

  test('leaves paths to the shell', async () => {
    expect(await proposed('plan', 'we')).toEqual([]);
    expect(await script('bash')).toContain('complete -o bashdefault -o default -F _idspace idspace');
  });
});

test.each(['zsh', 'fish'])('%s takes the script, where it is here', async (shell) => {
  const text = await script(shell);
  for (const command of COMMANDS) expect(text).toContain(command);
  if (!isHere(shell)) return console.warn(`SKIPPED: no ${shell}`);
  const { status, stderr } = spawnSync(shell, ['-n', '-c', text], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.skipIf(!isHere('fish'))('fish completes commands, flags and values', async () => {
  const ask = async (line: string): Promise<string[]> => {
    const { stdout } = spawnSync('fish', ['-c', `${await script('fish')}\ncomplete -C '${line}'`], {
      encoding: 'utf8',
    });
    return stdout.split('\n').map((one) => one.split('\t')[0]!);
  };
  expect(await ask('idspace re')).toContain('rehearse');
  expect(await ask('idspace plan --fail-o')).toEqual(expect.arrayContaining(['--fail-on', '--fail-over']));
  expect(await ask('idspace plan --emit ')).toEqual(expect.arrayContaining(['text', 'json', 'c']));
});

test('an unknown shell is refused, with what may be meant', async () => {
  const { exitCode, err } = await idspace(['completion', 'bsh']);
  expect(exitCode).toBe(2);
  expect(err).toContain("got 'bsh', expected one of bash, zsh, fish (did you mean bash or zsh?)");
});

describe('the man page', () => {
  test('has every command, and of each every flag and all that its help says', async () => {
    const { out } = await idspace(['man']);
    const plain = out.replaceAll('\\-', '-').replaceAll('\\e', '\\').replaceAll('\\&', '');
    for (const command of COMMANDS) {
      const { out: help } = await idspace([command, '--help']);
      expect(plain).toContain(`.SH IDSPACE ${command.toUpperCase()}\n`);
      for (const [, flag] of help.matchAll(/^ {2}(--[\w-]+)/gm)) expect(plain).toContain(`.B ${flag}`);
      expect(plain).toContain(help.slice(help.indexOf('Examples:')).trim());
    }
  });

  test.each([
    ['mandoc', ['-T', 'lint', '-W', 'error']],
    ['groff', ['-man', '-ww', '-z', '-K', 'utf8', '-T', 'utf8']],
  ])('%s has nothing to object to, where it is here', async (formatter, args) => {
    const { out } = await idspace(['man']);
    const { error, stdout, stderr } = spawnSync(formatter, args, { encoding: 'utf8', input: out });
    if (error !== undefined) return console.warn(`SKIPPED: no ${formatter}`);
    expect(stdout + stderr).toBe('');
  });
});

test('as JSON they are the same', async () => {
  expect(JSON.parse((await idspace(['man', '--json'])).out)).toEqual({ page: (await idspace(['man'])).out });
  const bash = { shell: 'bash', script: await script('bash') };
  expect(JSON.parse((await idspace(['completion', 'bash', '--json'])).out)).toEqual(bash);
});
