// What makes the page smaller without a change to what it does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** What stands for modules that the page never reaches: their exports, which refuse, by the ends of their paths. */
const UNREACHED: Readonly<Record<string, readonly string[]>> = {
  // cache-sim's generator of code: the page's policy forbids that, and main.tsx says so to CacheSim.
  '/cache-sim/src/plain-sim.ts': ['PlainSim'],
  // The rules of another simulator, which no view offers.
  '/cache-sim/src/pycachesim-sim.ts': ['PycachesimSim'],
  // Decoders for Node.js.
  '/cache-sim/src/zstd-frames.ts': ['zstdFrames'],
  '/restore-planner/src/bytes/zlib-pieces.ts': ['ZlibPieces'],
  '/restore-planner/src/bytes/zstd-wasm.ts': ['ZstdWasm'],
  // Snapshots of trees, which no view takes.
  '/xarray/src/snapshot.ts': ['encode', 'decode'],
};

/** Leaves out modules that the page never reaches. */
export function noUnreached(): Plugin {
  const found = new Set<string>();
  return {
    name: 'no-unreached',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const path = Object.keys(UNREACHED).find((end) => id.endsWith(end));
      if (path === undefined) return undefined;
      found.add(path);
      const refusals = UNREACHED[path]!.map(
        (name) => `export function ${name}() { throw Error('${name} is not in this page'); }`,
      );
      return refusals.join('\n');
    },
    buildEnd(error) {
      const missing = Object.keys(UNREACHED).filter((path) => !found.has(path));
      if (error === undefined && missing.length > 0) throw new Error(`no-unreached: got no module ${missing}`);
    },
  };
}

/** The images of a checkpoint, for an import that ends in `.img?hex`: gzip makes less of these digits than of base64. */
export function hexImages(): Plugin {
  return {
    name: 'hex-images',
    enforce: 'pre', // before Vite's own for files
    load: (id) =>
      id.endsWith('.img?hex') ? `export default '${readFileSync(id.slice(0, -'?hex'.length), 'hex')}'` : undefined,
  };
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
