// Runs `idspace profile`: the program in a process of its own, and what that left behind.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CacheSimOptions, cpuPreset, presetOptions } from '@idspace/cache-sim';
import { CommandError, type ExitCode, unusable } from '../cli/failure.ts';
import { writeProblem } from '../cli/file-problem.ts';
import { OutputFile } from '../cli/output-file.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { printable } from '../format/printable.ts';
import { moduleUrl } from '../installed.ts';
import { ORDER, type Profile, type ProfileOrder } from './profile.ts';
import { profileText } from './profile-text.ts';
import { SourceLines } from './source-lines.ts';
import { speedscopeJson } from './speedscope.ts';

export interface ProfileFlags {
  preset?: string;
  only?: string;
  lines?: number;
  annotate?: boolean;
  speedscope?: string;
  json?: boolean;
}

const USUAL_CPU = 'zen-4';
const USUAL_LINES = 20;
/** For the program to end once it was told to, ms. */
const PATIENCE = 10_000;

/** @param execArgv What Node.js is given beside the program, for tests. */
export async function profile(
  script: string,
  given: readonly string[],
  { preset = USUAL_CPU, only, lines = USUAL_LINES, annotate, speedscope, json }: ProfileFlags,
  terminal: Terminal,
  execArgv: readonly string[] = [],
): Promise<ExitCode> {
  const path = resolve(terminal.folder, script);
  checkScript(path, script);
  const graph = speedscope === undefined ? undefined : OutputFile.check(speedscope, terminal.folder, [script]);
  const { tlb: _, cores: __, ...caches } = presetOptions(preset) as CacheSimOptions;
  const { title } = cpuPreset(preset);
  const folder = temporaryFolder();
  try {
    const output = join(folder, 'profile.json');
    const order: ProfileOrder = {
      caches,
      output,
      folder,
      stop: join(folder, 'stop'),
      parent: process.pid,
      ...(only !== undefined && { only }),
    };
    const exitCode = await runProgram(
      [...execArgv, '--import', moduleUrl('profile/preload').href, path, ...given],
      order,
      terminal,
    );
    const made = readProfile(output, script, exitCode);
    await graph?.write([speedscopeJson(made, script)]);
    if (graph !== undefined)
      terminal.err.write(`Wrote ${printable(graph.name)}: drop it on https://www.speedscope.app\n`);
    if (json) {
      terminal.out.write(jsonText({ script, arguments: given, exitCode, caches: preset, ...made }));
      return 0;
    }
    if (exitCode !== 0)
      terminal.err.write(`idspace profile: the program ended with ${exitCode}: this is its profile so far\n`);
    const source = new SourceLines(terminal.folder);
    terminal.out.write(
      profileText(made, { script: printable(script), title, lines, isAnnotated: annotate === true, source }, terminal),
    );
    return 0;
  } finally {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      terminal.err.write(
        `idspace profile: ${printable(folder)}: got ${writeProblem(error)}, expected to remove it: it is left\n`,
      );
    }
  }
}

/** Makes a folder for what the program's threads leave. */
function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'idspace-profile-'));
  } catch (error) {
    const got = `${printable(tmpdir())}: got ${writeProblem(error)}`;
    throw new CommandError('input', `${got}, expected a folder for temporary files`);
  }
}

function checkScript(path: string, script: string): void {
  let isFile = false;
  let got = 'a folder';
  try {
    isFile = statSync(path).isFile();
  } catch (error) {
    got = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : String((error as Error).message);
  }
  if (!isFile) throw unusable(printable(script), got, 'a JavaScript program');
}

/** Runs the program to its end; all that it says goes to stderr. @returns Its exit code, or the name of the signal that ended it. */
function runProgram(args: readonly string[], order: ProfileOrder, terminal: Terminal): Promise<number | string> {
  return new Promise((done, failed) => {
    const env = { ...process.env, ...terminal.env, [ORDER]: JSON.stringify(order) };
    const program = spawn(process.execPath, args, { cwd: terminal.folder, env, stdio: ['inherit', 'pipe', 'pipe'] });
    for (const stream of [program.stdout, program.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => terminal.err.write(text));
    }
    // Ctrl-C reaches the program, too, and what it has done until then is printed. One that does not end is ended.
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      if (timer !== undefined) program.kill('SIGKILL');
      timer ??= setTimeout(() => program.kill('SIGKILL'), PATIENCE);
      writeFileSync(order.stop, '');
    };
    const terminate = (): void => {
      stop();
      program.kill('SIGTERM');
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', terminate);
    program.on('error', failed);
    program.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      process.off('SIGTERM', terminate);
      done(code ?? signal ?? 0);
    });
  });
}

/** @throws CommandError where there is none. */
function readProfile(output: string, script: string, exitCode: number | string): Profile {
  let made: Profile;
  try {
    made = JSON.parse(readFileSync(output, 'utf8')) as Profile;
  } catch (cause) {
    const hint = 'It ended before it could be written: killed, or short of memory or of room for temporary files.';
    throw unusable(printable(script), `no profile (it ended with ${exitCode})`, 'one', {
      cause,
      hint,
    });
  }
  if (made.accesses > 0) return made;
  if (exitCode !== 0)
    throw new CommandError('input', `${printable(script)}: it ended with ${exitCode} before it accessed a typed array`);
  const hint =
    'Not counted: ordinary arrays, methods of Buffer, code that is not loaded from a file, and what --only leaves out.';
  throw unusable(printable(script), 'no access to a typed array', 'some', { hint });
}
