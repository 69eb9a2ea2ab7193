// Runs a program in a process of its own, and reads the profile that it leaves behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CPU_PRESETS, presetOptions } from '@idspace/cache-sim';
import { refusal, refused, show } from './misuse.ts';
import { ORDER, type ProfileOrder } from './order.ts';
import type { Profile } from './profile.ts';
import { ProfileError } from './profile-error.ts';

/** How a program is run and counted. */
export interface ProfileOptions {
  /** What the program is given. Default: nothing. */
  args?: readonly string[] | undefined;
  /** The caches: those of a CPU, one of cache-sim's `CPU_PRESETS`. Default: 'zen-4'. */
  preset?: string | undefined;
  /** Which files are counted: those whose path it finds itself in; its flags are left out. Default: all. */
  only?: RegExp | undefined;
  /** The folder that the program runs in, and its path is relative to. Default: that of this process. */
  cwd?: string | undefined;
  /** Variables of its environment, beside those of this process. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What Node.js is given before the program. */
  execArgv?: readonly string[] | undefined;
  /** Receives what the program writes to its standard output and error. Default: only an error has the end of its stderr. */
  onOutput?: ((text: string) => void) | undefined;
  /** An empty folder for what the program leaves while it runs: up to 570 MB with worker threads. Default: a temporary one. */
  folder?: string | undefined;
}

/** A profile, and how the program ended. */
export interface ProgramProfile extends Profile {
  /** Its exit code, or the name of the signal that ended it. */
  exitCode: number | string;
}

const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;
/** Signals that ask a program to end. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** A program that is being profiled. */
export interface RunningProgram {
  /**
   * Its profile, when it has ended, however it did.
   *
   * Rejects with a ProfileError if it has none, and with the error of the file system if there is no place for temporary files.
   */
  readonly profile: Promise<ProgramProfile>;
  /**
   * Ends the program, which leaves the profile of what it has done; after ten seconds, or by a second call, without it.
   *
   * @param signal Is sent to the program, too: one that listens to it can end in its own way.
   * @throws RangeError for another signal.
   */
  stop(signal?: StopSignal): void;
}

/** For the program to end once it was told to, ms. */
const PATIENCE = 10_000;
const OPTIONS = ['args', 'preset', 'only', 'cwd', 'env', 'execArgv', 'onOutput', 'folder'];
const CALL = 'profileProgram';

/**
 * Runs a JavaScript program with Node.js, sends each access to its typed arrays through simulated caches, and counts by line and by array.
 *
 * The program is an ES module or CommonJS, or TypeScript where Node.js itself runs it. Its worker threads have a core each; the
 * threads make one access each in turn. If this process ends, so does the program.
 * @param script Its path.
 * @throws RangeError for an option. What is wrong with the program comes by {@link RunningProgram.profile}.
 *
 * Cost: the program's accesses are simulated while it runs. With worker threads, 17 bytes of disk an access, 2²⁵ accesses at most.
 */
export function profileProgram(script: string, options: ProfileOptions = {}): RunningProgram {
  if (typeof script !== 'string' || script === '') throw refused(CALL, 'script', script, 'the path of a program');
  checkOptions(options);
  const running = new Running();
  return {
    profile: profileOf(script, options, running),
    stop: (signal) => running.stop(signal),
  };
}

function checkOptions(options: ProfileOptions): void {
  // A Map has no key of its own, and would be passed over, too.
  if (show(options) !== '[object Object]') throw refused(CALL, 'options', options, 'an object of options');
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined)
    throw refusal(CALL, 'options', `the key ${show(unknown)}`, `some of ${OPTIONS.join(', ')}`);
  const { preset = PRESET, only, onOutput } = options;
  if (!CPU_PRESETS.includes(preset)) throw refused(CALL, 'options.preset', preset, `one of ${CPU_PRESETS.join(', ')}`);
  if (only !== undefined && !(only instanceof RegExp))
    throw refused(CALL, 'options.only', only, 'a regular expression');
  if (onOutput !== undefined && typeof onOutput !== 'function')
    throw refused(CALL, 'options.onOutput', onOutput, 'a function');
  for (const name of ['cwd', 'folder'] as const) {
    const path = options[name];
    if (path !== undefined && typeof path !== 'string') throw refused(CALL, `options.${name}`, path, 'a path');
  }
  for (const name of ['args', 'execArgv'] as const) {
    const list = options[name];
    if (list !== undefined && !(Array.isArray(list) && list.every((one) => typeof one === 'string')))
      throw refused(CALL, `options.${name}`, list, 'an array of strings');
  }
  const { env } = options;
  if (env !== undefined && (typeof env !== 'object' || env === null))
    throw refused(CALL, 'options.env', env, 'an object');
}

const PRESET = 'zen-4';

async function profileOf(script: string, options: ProfileOptions, running: Running): Promise<ProgramProfile> {
  const { cwd = process.cwd(), folder } = options;
  const path = resolve(cwd, script);
  checkProgram(path, script);
  if (folder !== undefined) return profileIn(folder, path, script, options, running);
  const own = mkdtempSync(join(tmpdir(), 'idspace-profile-'));
  try {
    return await profileIn(own, path, script, options, running);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

async function profileIn(
  folder: string,
  path: string,
  script: string,
  { args = [], preset = PRESET, only, execArgv = [], ...options }: ProfileOptions,
  running: Running,
): Promise<ProgramProfile> {
  const { tlb: _, cores: __, ...caches } = presetOptions(preset);
  const output = join(folder, 'profile.json');
  const order: ProfileOrder = {
    caches,
    output,
    folder,
    stop: join(folder, 'stop'),
    parent: process.pid,
    ...(only !== undefined && { only: only.source }),
  };
  const exitCode = await running.run([...execArgv, '--import', PRELOAD, path, ...args], order, options);
  return { ...readProfile(output, script, exitCode, running.lastWords.trim()), exitCode };
}

/** Beside this file, in the sources as when built. */
const PRELOAD = new URL(import.meta.url.endsWith('.ts') ? './preload.ts' : './preload.js', import.meta.url).href;

function checkProgram(path: string, script: string): void {
  let isFile = false;
  let got = 'a folder';
  try {
    isFile = statSync(path).isFile();
  } catch (error) {
    got = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : String((error as Error).message);
  }
  if (!isFile) throw new ProfileError('no-program', `${script}: got ${got}, expected a JavaScript program`);
}

/** Characters of a program's stderr that an error shows. */
const LAST_WORDS = 2000;

/** The process of the program. */
class Running {
  private program: ChildProcess | undefined;
  private stopFile = '';
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  /** The end of what it wrote to stderr and nothing else received. */
  lastWords = '';

  /** Runs it to its end. @returns Its exit code, or the name of the signal that ended it. */
  run(
    args: readonly string[],
    order: ProfileOrder,
    { cwd, env, onOutput }: Pick<ProfileOptions, 'cwd' | 'env' | 'onOutput'>,
  ): Promise<number | string> {
    return new Promise((done, failed) => {
      const program = spawn(process.execPath, args, {
        ...(cwd !== undefined && { cwd }),
        env: { ...process.env, ...env, [ORDER]: JSON.stringify(order) },
        stdio: ['inherit', 'pipe', 'pipe'],
      });
      this.program = program;
      this.stopFile = order.stop;
      const keep = (text: string): void => {
        this.lastWords = (this.lastWords + text).slice(-LAST_WORDS);
      };
      program.stdout.setEncoding('utf8').on('data', onOutput ?? (() => {}));
      program.stderr.setEncoding('utf8').on('data', onOutput ?? keep);
      program.on('error', failed);
      program.on('close', (code, signal) => {
        clearTimeout(this.timer);
        this.program = undefined;
        done(code ?? signal ?? 0);
      });
      if (this.isStopped) this.stop();
    });
  }

  /** Of one that has not begun: as soon as it has. */
  stop(signal?: StopSignal): void {
    if (signal !== undefined && !STOP_SIGNALS.includes(signal))
      throw refused('RunningProgram.stop', 'signal', signal, STOP_SIGNALS.join(', '));
    this.isStopped = true;
    const { program } = this;
    if (program === undefined) return;
    if (this.timer !== undefined) program.kill('SIGKILL');
    this.timer ??= setTimeout(() => program.kill('SIGKILL'), PATIENCE);
    writeFileSync(this.stopFile, '');
    if (signal !== undefined) program.kill(signal);
  }
}

/** @throws ProfileError where there is none, with the last that the program wrote to stderr. */
function readProfile(output: string, script: string, exitCode: number | string, lastWords: string): Profile {
  const said = lastWords === '' ? '' : `. It wrote:\n${lastWords}`;
  let made: Profile;
  try {
    made = JSON.parse(readFileSync(output, 'utf8')) as Profile;
  } catch (cause) {
    const hint = 'It ended before it could be written: killed, or short of memory or of room for temporary files.';
    throw new ProfileError(
      'no-profile',
      `${script}: got no profile (it ended with ${exitCode}), expected one${said}`,
      hint,
      {
        cause,
      },
    );
  }
  if (made.accesses > 0) return made;
  if (exitCode !== 0) {
    throw new ProfileError('no-access', `${script}: it ended with ${exitCode} before it accessed a typed array${said}`);
  }
  const hint =
    'Not counted: ordinary arrays, methods of Buffer, code that is not loaded from a file, and what `only` leaves out.';
  throw new ProfileError('no-access', `${script}: got no access to a typed array, expected some`, hint);
}
