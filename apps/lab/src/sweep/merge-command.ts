// idspace merge: the shards of a sweep, put together.
import { resolve } from 'node:path';
import { CommandError, type ExitCode } from '../cli/failure.ts';
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
    .command('merge <shards...>')
    .summary('put the shards of a sweep together')
    .description(
      'Merges the results of idspace sweep --shard I/N, given in any order, into the one that a run of the whole sweep ' +
        'writes, byte for byte. Shards that are missing, twice there, unfinished or of another sweep are refused.',
    )
    .option('--out <file.json>', 'write the merged result; folders that are missing are made')
    .option('--json', 'the merged result on stdout, instead of the summary')
    .addHelpText('after', HELP)
    .action(shell.action((paths: string[], flags: MergeFlags) => merge(paths, flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace merge shard-*.json                          the summary of all
  idspace merge shard-*.json --out sweep.json         and all cells in one file
  idspace merge shard-*.json --json | jq '.cells[] | select(.design == "xarray") | .lookup.nsPerOp'

What the output means: that of idspace sweep; see idspace sweep --help.

Exit codes: 0 merged · 2 misuse · 3 a shard is missing, unfinished, twice there, of another sweep or unreadable,
or the result cannot be written.`;

async function merge(paths: readonly string[], flags: MergeFlags, terminal: Terminal): Promise<ExitCode> {
  const { json } = flags;
  const out = flags.out === undefined ? undefined : OutputFile.check(flags.out, terminal.folder, paths);
  const { mergeShards } = await import('./merge.ts');
  const { printSweep } = await import('./sweep-output.ts');
  const shards = [];
  for (const path of paths) shards.push(await readShard(path, terminal));
  const document = mergeShards(shards);
  if (out !== undefined) {
    const { documentText } = await import('./sweep-document.ts');
    await out.write(documentText(document));
  }
  printSweep(document, json, terminal);
  if (out !== undefined) terminal.err.write(`Result: ${printable(out.name)}\n`);
  return 0;
}

/** Bytes of a shard: far more than a sweep can have. */
const MOST = 2 ** 28;

async function readShard(path: string, { folder }: Terminal): Promise<import('./merge.ts').ReadShard> {
  const { parseDocument } = await import('./sweep-document.ts');
  const { journalPath, journalState } = await import('./journal.ts');
  const expected = 'a shard of idspace sweep';
  const unfinished = (journal: string): string => {
    const state = journalState(resolve(folder, journal));
    if (state === null) return '';
    return `${journal} has ${state.done} of ${state.of} cells: the sweep is unfinished, --resume goes on with it`;
  };
  const text = await readText(resolve(folder, path), path, MOST, expected);
  if (text === null) {
    const hint = unfinished(journalPath(path));
    throw new CommandError('input', `${path}: got no such file, expected ${expected}`, { hint });
  }
  const hint = /^[^\n]*\n\{/.test(text) ? unfinished(path) : ''; // a journal itself
  if (hint !== '') throw new CommandError('input', `${path}: got a journal, expected ${expected}`, { hint });
  return { path, document: parseDocument(text, path) };
}
