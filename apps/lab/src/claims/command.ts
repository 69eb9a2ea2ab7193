// idspace claims: what was said in public about timer IDs, measured.

import { MAX_SEED } from '@idspace/evaluation';
import { type ExitCode, misuse } from '../cli/failure.ts';
import { didYouMean, wholeNumber } from '../cli/flag.ts';
import { commandToPaste, shellWord } from '../cli/invocation.ts';
import { OutputFile } from '../cli/output-file.ts';
import { writeTo } from '../cli/page-to-write.ts';
import { withProgress } from '../cli/progress.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { claimsText } from './claims-text.ts';
import { sharesOf } from './effort.ts';
import type { LabOptions } from './lab.ts';
import type { ClaimResult } from './run-claims.ts';

export interface ClaimsFlags {
  seed: number;
  live?: boolean;
  full?: boolean;
  long?: boolean;
  report?: string;
  json?: boolean;
}

/** Of a claim, beside the progress bar. */
const SHOWN_LETTERS = 36;

/** Adds `idspace claims`. */
export function addClaims(shell: Shell): void {
  shell
    .command('claims [ids...]')
    .summary('measure what was claimed about timer IDs, with a verdict each')
    .description(
      'Measures what was said in public about POSIX timer IDs: the letter "posix-timers: CRIU woes" of May 2023, claim by claim, ' +
        'the figures and facts of the kernel series that followed, and what holds for the other IDs that CRIU brings back. Prints source, figures and a verdict for each.',
    )
    .option('--seed <n>', 'seed of everything random', wholeNumber(0, MAX_SEED), 1)
    .option('--live', "take the times of this machine's kernel (Linux), measured in a child process")
    .option('--full', 'make all 2³¹ pairs of claims S5 and 1 on the model: ten minutes and more')
    .option('--long', 'after the table, what was measured for each claim, and its source')
    .option('--report <file.html>', 'write the report, one self-contained page; folders that are missing are made')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((ids: string[], flags: ClaimsFlags) => claims(ids, flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace claims              all of them, in under a minute
  idspace claims S11          is an xarray good for cache locality?
  idspace claims S5 1 --live  is it an hour for one timer, on this kernel?
  idspace claims --long       with source and figures of each
  idspace claims --report claims.html --json > all.json
      the page, and the figures for a script

Claims:
  S1 … S19             what the letter says, in its order
  1 … 8, 10 … 15       what came with the kernel series since, and in the
                       threads between; the list they were collected in has no 9
  I1 … I6              the other IDs that CRIU brings back: how each is handed
                       out, and the longest dance

What the output means: a verdict for each claim. With one claim, or with --long,
'measured' has the figures of this run that decide. The verdict is computed from
them alone: holds; holds only if (with the condition), or holds, except (with
the cases); here: no (with what was measured, and from which value on it is
true); or does not hold. A claim records fewer operations than \`idspace
evaluate\` does, so means of the same thing differ a little. Counts are exact and
the same on every machine. ns marked (model) come from the machine model of
\`idspace evaluate\`. Seconds of a restore are its calls at a stated rate. Only
the wall time on the model (claim 2) and what --live measures differ from run to
run.

JSON: { claims: [{ id, claim, source, measured: the figures by name, text,
  verdict, condition or null,
                   command }] }

Exit codes: 0 measured, whatever the verdicts · 2 misuse, such as an unknown
claim · 3 the kernel cannot be called (--live), or the report cannot be written.`;

/** Runs `idspace claims`. */
export async function claims(ids: readonly string[], flags: ClaimsFlags, terminal: Terminal): Promise<ExitCode> {
  const file = flags.report === undefined ? undefined : OutputFile.check(flags.report, terminal.folder);
  const results = await measured(ids, flags, terminal);
  terminal.out.write(flags.json ? jsonText({ claims: results }) : claimsText(results, terminal, flags.long));
  if (file !== undefined) {
    const { renderClaims } = await import('./claims-report.ts');
    const command = commandToPaste(`${commandLine(ids, flags)} --report ${shellWord(file.name)}`, terminal);
    await writeTo({ file, command }, renderClaims(results, command), terminal);
  }
  return 0;
}

async function measured(ids: readonly string[], flags: ClaimsFlags, terminal: Terminal): Promise<ClaimResult[]> {
  // Loaded when it is needed: the other commands start without it.
  const [{ CLAIMS }, { Lab }, { runClaims }] = await Promise.all([
    import('./registry.ts'),
    import('./lab.ts'),
    import('./run-claims.ts'),
  ]);
  const known = CLAIMS.map(({ id }) => id);
  const asked = ids.map((id) => id.toUpperCase());
  const unknown = ids.find((_, i) => !known.includes(asked[i]));
  if (unknown !== undefined)
    throw misuse(
      'claim',
      `'${unknown}'`,
      `S1…S19, 1…8, 10…15 (there is no 9) or I1…I6${unknown.length > 1 ? didYouMean(unknown.toUpperCase(), known) : ''}`,
    );
  const chosen = CLAIMS.filter(({ id }) => asked.length === 0 || asked.includes(id));
  const shares = sharesOf(
    chosen.map(({ id }) => id),
    flags.full === true,
  );
  let [at, before, what] = [0, 0, ''];
  return withProgress(terminal, 'measuring', async (update) => {
    const show = (share: number): void => update(before + share * shares[at]!, what);
    const live = flags.live ? await measuredHere() : {};
    const lab = new Lab({ seed: flags.seed, full: flags.full === true, ...live, onProgress: show });
    const commandOf = (id: string): string => commandToPaste(commandLine([id], flags), terminal);
    return await runClaims(chosen, lab, commandOf, ({ id, claim }, done) => {
      const passed = shares.slice(0, done).reduce((sum, one) => sum + one, 0);
      [at, before, what] = [done, passed, `${id} ${claim.slice(0, SHOWN_LETTERS)}…`];
      show(0);
    });
  });
}

/** What this machine's kernel does. */
async function measuredHere(): Promise<Pick<LabOptions, 'live' | 'liveSpaces'>> {
  const { probeKernel, probeSpaces } = await import('@idspace/live-kernel');
  return { live: await probeKernel(), liveSpaces: await probeSpaces() };
}

/** The command line for these claims, with what decides their figures. */
function commandLine(ids: readonly string[], { seed, live, full }: ClaimsFlags): string {
  const words = [...(seed === 1 ? [] : [`--seed ${seed}`]), ...(live ? ['--live'] : []), ...(full ? ['--full'] : [])];
  return ['claims', ...ids, ...words].join(' ');
}
