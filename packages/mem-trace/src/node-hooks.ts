// What Node.js calls when it loads a module; in older versions this file runs in a thread of its own.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { instrument } from './instrument.ts';

/** How modules are instrumented. It can be sent to another thread. */
export interface Loading {
  readonly only: RegExp;
  /** The next site's number: all threads that load files of the program take from it. */
  readonly next: SharedArrayBuffer;
  /** URL of what instrumented modules import. */
  readonly recorder: string;
}

/** What Node.js knows of a file. */
export interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBufferView | ArrayBuffer | null | undefined;
}

type Next = (url: string, context: unknown) => Promise<Loaded>;

const FORMAT = /^(module|commonjs)(-typescript)?$/;
const OWN = fileURLToPath(new URL('.', import.meta.url));

/** Returns the instrumented text of a file, or undefined for what stays as it is: another format, a file of this package, one that cannot be parsed. */
export function instrumentFile(url: string, { format, source }: Loaded, loading: Loading): string | undefined {
  if (!FORMAT.test(format ?? '') || !url.startsWith('file:')) return undefined;
  const path = fileURLToPath(url);
  if (path.startsWith(OWN) || !loading.only.test(path)) return undefined;
  const text = textOf(source ?? readFileSync(path));
  const isModule = format!.startsWith('module');
  try {
    return instrument(text, {
      // Node.js knows better than the ending what language it is.
      file: path,
      type: isModule ? 'module' : 'commonjs',
      firstSite: takeNumbers(loading, text),
      ...(isModule && { recorder: loading.recorder }),
    }).code;
  } catch (error) {
    if ((error as Error).name === 'SourceError') return undefined;
    throw error;
  }
}

function textOf(source: NonNullable<Loaded['source']>): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array);
}

/** Takes as many numbers as a text can have sites, which is known only later: each has one of these tokens to itself. */
function takeNumbers({ next }: Loading, text: string): number {
  const most = text.match(/[[.(]|\bof\b|\byield\b/g)?.length ?? 0;
  return Atomics.add(new Int32Array(next), 0, most);
}

let own: Loading | undefined;

/** Called in the thread of the hooks, before any file is loaded. */
export function initialize(loading: Loading): void {
  own = loading;
}

/** Called for each module that is imported. CommonJS is left to the program's thread. */
export async function load(url: string, context: unknown, next: Next): Promise<Loaded> {
  const loaded = await next(url, context);
  if (own === undefined || !loaded.format?.startsWith('module')) return loaded;
  const source = instrumentFile(url, loaded, own);
  return source === undefined ? loaded : { ...loaded, source };
}
