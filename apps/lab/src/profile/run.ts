// Runs `idspace profile`: the program, and what is printed of its profile.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProfileError, type ProgramProfile, profileProgram } from '@idspace/cache-profile';
import { cpuPreset } from '@idspace/cache-sim';
import { CommandError, type ExitCode, unusable } from '../cli/failure.ts';
import { writeProblem } from '../cli/file-problem.ts';
import { OutputFile } from '../cli/output-file.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { printable } from '../format/printable.ts';
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

/** @param execArgv What Node.js is given beside the program, for tests. */
export async function profile(
  script: string,
  given: readonly string[],
  flags: ProfileFlags,
  terminal: Terminal,
  execArgv: readonly string[] = [],
): Promise<ExitCode> {
  const { preset = USUAL_CPU, lines = USUAL_LINES, annotate, speedscope, json } = flags;
  const graph = speedscope === undefined ? undefined : OutputFile.check(speedscope, terminal.folder, [script]);
  const made = await profiled(script, given, { ...flags, preset }, terminal, execArgv);
  const { exitCode, ...counts } = made;
  await graph?.write([speedscopeJson(made, script)]);
  if (graph !== undefined)
    terminal.err.write(`Wrote ${printable(graph.name)}: drop it on https://www.speedscope.app\n`);
  if (json) {
    terminal.out.write(jsonText({ script, arguments: given, exitCode, caches: preset, ...counts }));
    return 0;
  }
  if (exitCode !== 0)
    terminal.err.write(`idspace profile: the program ended with ${exitCode}: this is its profile so far\n`);
  const source = new SourceLines(terminal.folder);
  const view = {
    script: printable(script),
    title: cpuPreset(preset).title,
    lines,
    isAnnotated: annotate === true,
    source,
  };
  terminal.out.write(profileText(made, view, terminal));
  return 0;
}

/** Runs the program; all that it says goes to stderr. Ctrl-C reaches it, too, and what it has done until then is printed. */
async function profiled(
  script: string,
  args: readonly string[],
  { preset, only }: ProfileFlags,
  terminal: Terminal,
  execArgv: readonly string[],
): Promise<ProgramProfile> {
  const folder = temporaryFolder();
  const program = profileProgram(script, {
    args,
    preset,
    ...(only !== undefined && { only: new RegExp(only) }),
    cwd: terminal.folder,
    env: terminal.env,
    execArgv,
    onOutput: (text) => terminal.err.write(text),
    folder,
  });
  const interrupt = (): void => program.stop();
  const terminate = (): void => program.stop('SIGTERM');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  try {
    return await program.profile;
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    const hint = error.hint.replace('`only`', '--only');
    throw new CommandError('input', error.message, { cause: error, hint });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
    removeFolder(folder, terminal);
  }
}

/** Makes a folder for what the program leaves. */
function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'idspace-profile-'));
  } catch (error) {
    throw unusable(printable(tmpdir()), writeProblem(error), 'a folder for temporary files');
  }
}

function removeFolder(folder: string, terminal: Terminal): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    const got = `${printable(folder)}: got ${writeProblem(error)}`;
    terminal.err.write(`idspace profile: ${got}, expected to remove it: it is left\n`);
  }
}
