// Checkpoints that are in the repository: where they are, and what is in them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Images } from './images.ts';

export const GROUND_TRUTH: string = join(import.meta.dirname, '..', 'ground-truth', 'criu');
export const CASES: string[] = readdirSync(GROUND_TRUTH).sort();

/** Checkpoints from the field, with what CRIU did with them. */
export const FIELD: string = join(import.meta.dirname, '..', 'ground-truth', 'criu-field');
export const FIELD_CASES: string[] = readdirSync(FIELD, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The binary images of a given case. */
export function givenImages(name: string): Images {
  const directory = join(GROUND_TRUTH, name);
  const files = readdirSync(directory).filter((file) => file.endsWith('.img'));
  return Object.fromEntries(files.map((file) => [file, new Uint8Array(readFileSync(join(directory, file)))]));
}

/** What crit decodes an image of a given case to. */
// biome-ignore lint/suspicious/noExplicitAny: crit's JSON has no schema.
export function critJson(name: string, file: string): any {
  const text = readFileSync(join(GROUND_TRUTH, name, `${file}.json`), 'utf8');
  // 64-bit fields are bare numbers past 2⁵³.
  return JSON.parse(text.replaceAll(/"(cur|max|sival_ptr|isec|insec|vsec|vnsec)": (\d+)/g, '"$1": "$2"'));
}
