// idspace merge: the shards of a sweep or of a placement, put together.
import { resolve } from 'node:path';
import { type ExitCode, unusable } from '../cli/failure.ts';
import { OutputFile } from '../cli/output-file.ts';
import { readText } from '../cli/read-text.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { printable } from '../format/printable.ts';

interface MergeFlags {
  out?: string;
  json?: boolean;
}

/** Adds `idspace merge`. */
export function addMerge(shell: Shell): void {
  shell
    .command('merge')
    .summary('put the shards of a sweep or of a plan for several nodes together')
    .description(
      'Merges the results of idspace sweep --shard I/N, or the JSON of idspace plan --on NODES --shard I/N, given in any ' +
        'order, into the result that one run of the whole writes, byte for byte. Shards that are missing, given twice, ' +
        'unfinished or of another run are refused.',
    )
    .argument('<shards...>', 'the --out files of all shards')
    .option('--out <file.json>', 'write the merged result; folders that are missing are made')
    .option('--json', 'the merged result on stdout, instead of the summary')
    .addHelpText('after', HELP)
    .action(shell.action((paths: string[], flags: MergeFlags) => merge(paths, flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace merge shard-*.json                   the summary of all
  idspace merge shard-*.json --out sweep.json  and all cells in one file
  idspace merge shard-*.json --json | jq '.cells[].lookup.nsPerOp'

  idspace merge part-*.json  of plan --on nodes/ --shard I/N --json: the matrix

What the output means: see the --help of idspace sweep or of idspace plan. Each
shard judges the gate of plan for its own checkpoints.

Exit codes: 0 merged · 2 misuse · 3 a shard is missing, unfinished, given twice,
of another run or unreadable, the result cannot be written, or a checkpoint
could not be read.`;

async function merge(paths: readonly string[], flags: MergeFlags, terminal: Terminal): Promise<ExitCode> {
  const out = flags.out === undefined ? undefined : OutputFile.check(flags.out, terminal.folder, paths);
  const [first, ...others] = paths;
  const read = await readShard(first!, terminal);
  const { looksLikePlacement } = await import('../plan/placement/parse-document.ts');
  const isPlacement = looksLikePlacement(read.value);
  const shards = [read];
  for (const path of others) shards.push(await readShard(path, terminal));
  const merged = isPlacement ? await mergePlacement(shards, terminal) : await mergeSweep(shards, terminal);
  if (out !== undefined) await out.write(merged.text());
  merged.print(flags.json);
  if (out !== undefined) terminal.err.write(`Result: ${printable(out.name)}\n`);
  return merged.exitCode;
}

/** What shards come to, whatever they are of. */
interface Merged {
  text: () => Iterable<string>;
  print: (json: boolean | undefined) => void;
  exitCode: ExitCode;
}

async function mergeSweep(shards: readonly ReadShard[], terminal: Terminal): Promise<Merged> {
  const { mergeShards } = await import('../sweep/merge.ts');
  const { printSweep } = await import('../sweep/sweep-output.ts');
  const { checkSweep, documentText } = await import('../sweep/sweep-document.ts');
  const document = mergeShards(shards.map(({ path, value }) => ({ path, document: checkSweep(value, path) })));
  return { text: () => documentText(document), print: (json) => printSweep(document, json, terminal), exitCode: 0 };
}

async function mergePlacement(shards: readonly ReadShard[], terminal: Terminal): Promise<Merged> {
  const { checkDocument } = await import('../plan/placement/parse-document.ts');
  const { mergePlacements } = await import('../plan/placement/merge-placements.ts');
  const { documentText, isPlaced } = await import('../plan/placement/document.ts');
  const { printPlacement } = await import('../plan/placement/placement-text.ts');
  const read = shards.map(({ path, value }) => ({ path, document: checkDocument(value, path) }));
  const document = mergePlacements(read, terminal);
  return {
    text: () => documentText(document),
    print: (json) => printPlacement(document, { json }, terminal),
    exitCode: document.checkpoints.every(isPlaced) ? 0 : 3,
  };
}

/** Bytes of a shard: far more than a sweep or a placement can have. */
const MOST = 2 ** 28;
const EXPECTED = 'a shard of idspace sweep, or of idspace plan --json for several nodes';

/** Where a journal tells of a sweep, a sweep is meant. */
function expectedBy(hint: string): string {
  return hint === '' ? EXPECTED : 'a shard of idspace sweep';
}

/** A shard as JSON, not checked yet. */
interface ReadShard {
  path: string;
  value: unknown;
}

async function readShard(path: string, { folder }: Terminal): Promise<ReadShard> {
  const text = await readText(resolve(folder, path), path, MOST, EXPECTED);
  if (text === null) {
    const { journalPath } = await import('../sweep/journal.ts');
    const hint = await unfinished(journalPath(path), folder);
    throw unusable(path, 'no such file', expectedBy(hint), { hint });
  }
  try {
    return { path, value: JSON.parse(text) };
  } catch (cause) {
    const hint = /^[^\n]*\n\{/.test(text) ? await unfinished(path, folder) : ''; // a journal itself
    const got = hint === '' ? `no JSON (${(cause as Error).message})` : 'a journal';
    throw unusable(path, got, expectedBy(hint), { hint, cause });
  }
}

/** What the journal of a sweep tells that has not come to its end; empty where there is none. */
async function unfinished(journal: string, folder: string): Promise<string> {
  const { journalState } = await import('../sweep/journal.ts');
  const state = journalState(resolve(folder, journal));
  if (state === null) return '';
  return `${journal} has ${state.done} of ${state.of} cells: the sweep is unfinished, --resume goes on with it`;
}
