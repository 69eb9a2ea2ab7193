// What ships with the program. This file is one folder below the package root, in src/ as in dist/, where bundling moves it to.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkpoint of the demo: one process with timers 1,000,000 and 2,000,000, dumped by CRIU 4.2 on Linux 6.18. */
export const EXAMPLE_CHECKPOINT: string = fileURLToPath(new URL('../examples/criu-ids-1e6-2e6', import.meta.url));

/** The program that `plan --emit c` fills with the tables of a plan. */
export const C_PROGRAM: string = fileURLToPath(new URL('../c/restore.c', import.meta.url));

/** The explorer's page. It is built by an app of its own, and its copy ships with this one. */
export const EXPLORER_PAGE: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../explorer/dist/index.html' : './explorer.html', import.meta.url),
);

/** Returns the version in the package.json. */
export function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/**
 * Finds a module that runs in a thread or process of its own.
 *
 * @param path Its path in src/, without extension; package.json lists it under "children", so that it is built as a file.
 */
export function moduleUrl(path: string): URL {
  return new URL(`./${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
