// What makes the page smaller without a change to what it does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Modules that the page never reaches, by the ends of their paths: what they export refuses to be called. */
const UNREACHED: readonly string[] = [
  // cache-sim's generator of code: the page's policy forbids that, and main.tsx says so to CacheSim.
  '/cache-sim/src/plain-sim.ts',
  // The rules of another simulator, which no view offers.
  '/cache-sim/src/pycachesim-sim.ts',
  // Translations of addresses and the history of lines: no view asks the simulator for these.
  '/cache-sim/src/tlb.ts',
  '/cache-sim/src/lost-lines.ts',
  // Decoders for Node.js.
  '/cache-sim/src/zstd-frames.ts',
  '/restore-planner/src/bytes/zlib-pieces.ts',
  '/restore-planner/src/bytes/zstd-wasm.ts',
  // Snapshots of tables, trees, sets and pools, which no view takes.
  '/hash-table/src/snapshot.ts',
  '/xarray/src/snapshot.ts',
  '/xarray/src/ida-snapshot.ts',
  '/next-id/src/snapshot.ts',
  '/next-id/src/pool-snapshot.ts',
  // Entries over several indices, ranges, ranks, cursors and the algebra of sets: no table of timers has them.
  '/xarray/src/spans.ts',
  '/xarray/src/ranges.ts',
  '/xarray/src/ranks.ts',
  '/xarray/src/cursor.ts',
  '/xarray/src/compact.ts',
  '/xarray/src/ida-sets.ts',
];

/** Modules that check what comes from outside, where the page only gives what it has made itself: what they export does nothing. */
const TRUSTED: readonly string[] = [
  // Plans to execute: those of the race are the planner's.
  '/restore-planner/src/execute/validate-plan.ts',
];

/** Leaves out modules that the page never reaches, or whose checks it does not need. */
export function noUnreached(): Plugin {
  const found = new Set<string>();
  return {
    name: 'no-unreached',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const path = [...UNREACHED, ...TRUSTED].find((end) => id.endsWith(end));
      if (path === undefined) return undefined;
      found.add(path);
      const body = (name: string): string =>
        TRUSTED.includes(path) ? '' : `throw Error('${name} is not in this page')`;
      return exportsOf(id)
        .map((name) => `export function ${name}() { ${body(name)} }`)
        .join('\n');
    },
    buildEnd(error) {
      const missing = [...UNREACHED, ...TRUSTED].filter((path) => !found.has(path));
      if (error === undefined && missing.length > 0) throw new Error(`no-unreached: got no module ${missing}`);
    },
  };
}

/** The names of the values that a module exports. */
function exportsOf(path: string): string[] {
  const names = readFileSync(path, 'utf8').matchAll(
    /^export (?:async )?(?:abstract )?(?:function\*?|class|const|let) (\w+)/gm,
  );
  return [...names].map(([, name]) => name!);
}

const SOURCED = /\b(documented|measured|assumed)\((?:`[^`]*`|'[^']*'|[A-Z]\w*), /g;

/** Leaves out where the numbers of CPUs come from, which no view shows. */
export function noSources(): Plugin {
  return {
    name: 'no-sources',
    apply: 'build',
    enforce: 'pre',
    transform: (code, id) => (id.endsWith('/presets.ts') ? code.replace(SOURCED, "$1('', ") : undefined),
  };
}

/** The images of a checkpoint, for an import that ends in `.img?hex`: gzip makes less of these digits than of base64. */
export function hexImages(): Plugin {
  return {
    name: 'hex-images',
    enforce: 'pre', // before Vite's own for files
    load: (id) =>
      id.endsWith('.img?hex')
        ? `export default '${withoutRegisters(id.slice(0, -'?hex'.length)).toString('hex')}'`
        : undefined,
  };
}

/** The field of a core image that has the registers of its thread, as CRIU numbers it. */
const THREAD_INFO = 2;
/** Two magic numbers and a length come before the message, u32 each. */
const HEADER = 12;

/** An image; that of a process or thread without its registers, which have no IDs and are half of it. */
function withoutRegisters(path: string): Buffer {
  const image = readFileSync(path);
  if (!/\/core-\d+\.img$/.test(path)) return image;
  const kept: Buffer[] = [];
  let at = HEADER;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = image[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < image.length) {
    const from = at;
    const key = varint();
    if ((key & 7) === 2) {
      const length = varint();
      at += length;
    } else if ((key & 7) === 0) varint();
    else throw new Error(`hex-images: got wire type ${key & 7} in ${path}, expected 0 or 2`);
    if (key >> 3 !== THREAD_INFO) kept.push(image.subarray(from, at));
  }
  const message = Buffer.concat(kept);
  const header = Buffer.from(image.subarray(0, HEADER));
  header.writeUInt32LE(message.length, HEADER - 4);
  return Buffer.concat([header, message]);
}

const ENUM = /var (\w+);\s*\(function \(\1\) \{([\s\S]*?)\}\)\(\1 \|\| \(\1 = \{\}\)\);/g;

/** Writes the numbers of enums where the parser of JSON names them: the names are long, and minifiers keep them. */
export function plainEnums(): Plugin {
  const FILES = /^(.*\/@streamparser\/json\/dist\/mjs\/).*\.js$/;
  let values: Map<string, string> | undefined;
  return {
    name: 'plain-enums',
    apply: 'build',
    transform(code, id) {
      const folder = FILES.exec(id)?.[1];
      if (folder === undefined) return undefined;
      values ??= enumValues(folder);
      return code
        .replace(ENUM, 'var $1 = /* @__PURE__ */ (function ($1) {$2 return $1; })({});')
        .replace(/\b\w+\.\w+\b/g, (name) => values!.get(name) ?? name);
    },
  };
}

/** The numbers by 'Enum.NAME', of all files in a folder. */
function enumValues(folder: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    for (const [, name, body] of readFileSync(join(folder, file), 'utf8').matchAll(ENUM)) {
      for (const [, key, value] of body!.matchAll(/\["(\w+)"\] = (\d+)\]/g)) values.set(`${name}.${key}`, value!);
    }
  }
  if (values.size === 0) throw new Error(`plain-enums: got no enum in ${folder}`);
  return values;
}
