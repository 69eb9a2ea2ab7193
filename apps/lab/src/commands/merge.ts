// idspace merge: the shards of a sweep, put together.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError, type ExitCode } from '../failure.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';

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

async function merge(paths: readonly string[], { out, json }: MergeFlags, terminal: Terminal): Promise<ExitCode> {
  const { mergeShards } = await import('../sweep/merge.ts');
  const { printSweep } = await import('./sweep-output.ts');
  const shards = [];
  for (const path of paths) shards.push(await readShard(path, terminal));
  const document = mergeShards(shards);
  if (out !== undefined) {
    const { writeDocument } = await import('../sweep/write-document.ts');
    await writeDocument(document, resolve(terminal.folder, out));
  }
  printSweep(document, json, terminal);
  if (out !== undefined) terminal.err.write(`Result: ${out}\n`);
  return 0;
}

async function readShard(path: string, { folder }: Terminal): Promise<import('../sweep/merge.ts').ReadShard> {
  const { parseDocument } = await import('../sweep/sweep-document.ts');
  const { journalPath, journalState } = await import('../sweep/journal.ts');
  const expected = 'a shard of idspace sweep';
  const unfinished = (journal: string): string | null => {
    const state = journalState(resolve(folder, journal));
    return (
      state && `${journal} has ${state.done} of ${state.of} cells: the sweep is unfinished, --resume goes on with it`
    );
  };
  try {
    const text = await readFile(resolve(folder, path), 'utf8');
    const why = /^[^\n]*\n\{/.test(text) ? unfinished(path) : null; // a journal itself
    if (why !== null) throw new CommandError('input', `${path}: got a journal, expected ${expected}`, { hint: why });
    return { path, document: parseDocument(text, path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof CommandError || code === undefined) throw error;
    const why = unfinished(journalPath(path));
    const got = code === 'ENOENT' ? 'no such file' : code;
    throw new CommandError('input', `${path}: got ${got}, expected ${expected}`, {
      ...(why !== null && { hint: why }),
      cause: error,
    });
  }
}
