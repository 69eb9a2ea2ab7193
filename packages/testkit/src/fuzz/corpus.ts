// The corpus: inputs that reach something that no smaller one reaches. As a file: a line for each, deflated, in base64.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Where a target's inputs are kept: `corpus` of all that were chosen, `cases` of what was found. */
export interface Places {
  readonly corpus: string;
  readonly cases: string;
}

/** @param folder The `fuzz` folder of a package. @param target The target's name. */
export function placesOf(folder: string, target: string): Places {
  return { corpus: join(folder, 'corpus', `${target}.txt`), cases: join(folder, 'cases', target) };
}

/** Reads the corpus; none where there is no file. */
export function readCorpus({ corpus }: Places): Uint8Array[] {
  if (!existsSync(corpus)) return [];
  const lines = readFileSync(corpus, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => new Uint8Array(inflateRawSync(Buffer.from(line, 'base64'))));
}

/** Writes the corpus, smallest first. */
export function writeCorpus({ corpus }: Places, inputs: readonly Uint8Array[]): void {
  const sorted = [...inputs].sort((a, b) => a.length - b.length);
  const lines = sorted.map((input) => deflateRawSync(input, { level: 9 }).toString('base64'));
  mkdirSync(dirname(corpus), { recursive: true });
  if (lines.length === 0) rmSync(corpus, { force: true });
  else writeFileSync(corpus, `${lines.join('\n')}\n`);
}

/** Reads the cases by name. */
export function readCases({ cases }: Places): Map<string, Uint8Array> {
  const names = existsSync(cases) ? readdirSync(cases).sort() : [];
  return new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(cases, name)))]));
}

/** Writes a case. @returns Its path. */
export function writeCase({ cases }: Places, name: string, input: Uint8Array): string {
  mkdirSync(cases, { recursive: true });
  const path = join(cases, name);
  writeFileSync(path, input);
  return path;
}
