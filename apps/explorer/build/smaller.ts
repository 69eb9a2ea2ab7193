// What makes the page smaller without a change to what it does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const PACKAGES = join(import.meta.dirname, '../../../packages');

/** Modules that the page never reaches, by the ends of their paths: what they export refuses to be called. */
const UNREACHED: readonly string[] = [
  // cache-sim's generator of code: the page's policy forbids that, and main.tsx says so to CacheSim.
  '/cache-sim/src/plain-sim.ts',
  // The rules of another simulator, which no view offers.
  '/cache-sim/src/pycachesim-sim.ts',
  // Translations of addresses, the history of lines and kinds of misses: no view asks the simulator for these.
  '/cache-sim/src/tlb.ts',
  '/cache-sim/src/lost-lines.ts',
  '/cache-sim/src/miss-classes.ts',
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
  // The design with generations in its IDs, which no view offers.
  '/posix-timers/src/tables/generational-table.ts',
  '/evaluation/src/layouts/slot-array-layout.ts',
  // Searches from above, entries over several indices, ranges, ranks, cursors and the algebra of sets: no table of timers has them.
  '/xarray/src/seek-last.ts',
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
  '/restore-planner/src/check-input.ts',
  '/restore-planner/src/check-keys.ts',
];

/** Cuts by patterns. One that finds nothing ends the build: the source that it was made for has changed. */
class Cuts {
  private readonly plugin: string;
  private readonly done = new Set<RegExp>();

  constructor(plugin: string) {
    this.plugin = plugin;
  }

  /** Replaces a pattern where a text has it. */
  cut(text: string, pattern: RegExp, by: string | ((found: string, ...groups: string[]) => string)): string {
    const without = text.replace(pattern, by as string);
    if (without !== text) this.done.add(pattern);
    return without;
  }

  /** To be called at the end of a build. @throws Error naming patterns that no text had. */
  check(error: Error | undefined, patterns: readonly RegExp[]): void {
    const missing = patterns.filter((pattern) => !this.done.has(pattern));
    if (error === undefined && missing.length > 0)
      throw new Error(`${this.plugin}: got nothing to cut by ${missing.join(', ')}`);
  }
}

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

const PRESETS = '/cache-sim/src/presets.ts';

/** What modules say that no view shows: where a number is from, before it or after it, and what a program does. */
const UNSHOWN: readonly (readonly [path: string, source: RegExp, without: string])[] = [
  [PRESETS, /\b(documented|measured|assumed)\((?:`[^`]*`|'[^']*'|[A-Z]\w*), /g, "$1('', "],
  [PRESETS, /\bNOT_INCLUSIVE\(\w+\)/g, "NOT_INCLUSIVE('')"],
  ['/hardware/presets.ts', /\b(\w+\([\d.]+(?:, [\w.]+)?), (?:`[^`]*`|'[^']*'|HANDOVER)/g, "$1, ''"],
  ['/hardware/presets.ts', /`\$\{source\}[^`]*`/, 'source'],
  // What a layout is called.
  ['/layouts/kernel-layouts.ts', /\b(table|apart): '[^']*'/g, "$1: ''"],
  ...['4.9', '5.17', '6.14', '6.15'].map((era) => [`/layouts/linux-${era}.ts`, /\bname: '[^']*'/, "name: ''"] as const),
  // Errors of designs whose layout lacks something, or whose IDs are not where they should be: none of the page's does that.
  ...[
    'layouts/design-layout',
    'layouts/kernel-layouts',
    'layouts/hash-layout',
    'evaluate/fast-forward',
    'evaluate/recording',
  ].map((name) => [`/${name}.ts`, /\bnew Error\(\s*`[^`]*`,?\s*\)/g, 'Error()'] as const),
  ['/timers/kernel-policy.ts', /\bnote: '[^']*'/g, "note: ''"],
  ['/tables/designs.ts', /\bmeaning: '[^']*'/g, "meaning: ''"],
  ['/workloads/churners.ts', /\bmeaning:\s*'[^']*'/g, "meaning: ''"],
];
const CPU = /^ {2}\{\n {4}name: '([\w-]+)'[\s\S]*?^ {2}\},\n/gm;

/** Leaves out what no view shows, and CPUs of no machine. */
export function noUnshown(): Plugin {
  const cuts = new Cuts('no-unshown');
  const machines = readFileSync(join(PACKAGES, 'evaluation/src/hardware/presets.ts'), 'utf8');
  const cpus = Array.from(machines.matchAll(/\bcpu: '([\w-]+)'/g), ([, name]) => name);
  return {
    name: 'no-unshown',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      const sources = UNSHOWN.filter(([path]) => id.endsWith(path));
      if (sources.length === 0) return undefined;
      const without = sources.reduce((text, [, source, nothing]) => cuts.cut(text, source, nothing), code);
      if (!id.endsWith(PRESETS)) return without;
      return cuts.cut(without, CPU, (cpu, name) => (cpus.includes(name) ? cpu : ''));
    },
    buildEnd: (error) => cuts.check(error, [...UNSHOWN.map(([, source]) => source), CPU]),
  };
}

const IF_INSTRUMENTED = /instrumented\.has\(table\) \?/;

const STAND_INS = `export const DESIGN = {};
export const idOf = ({ timers }, timer) => timers.id[timer];
export function createTimerTable() { throw Error('no instrumented table is in this page'); }
export const watch = createTimerTable;`;

/** Leaves out the instrumented copy of the timer tables: stand-ins record the same accesses of the tables that the page has, in twice the time. */
export function noInstrumentedTables(): Plugin {
  const cuts = new Cuts('no-instrumented-tables');
  let isBuild = false;
  return {
    name: 'no-instrumented-tables',
    enforce: 'pre',
    configResolved({ command }) {
      isBuild = command === 'build';
    },
    resolveId: (id) => (id === '#tables' ? '\0tables' : undefined),
    load: (id) => (id === '\0tables' ? STAND_INS : undefined),
    transform: (code, id) =>
      id.endsWith('/recordable-table.ts') ? cuts.cut(code, IF_INSTRUMENTED, 'false ?') : undefined,
    buildEnd: (error) => cuts.check(error, isBuild ? [IF_INSTRUMENTED] : []),
  };
}

const ATOB = /\batob\(text\)/;
const BASE64 = /fileDesc\("([^"]+)"/;

/** The definitions of messages as they are, rather than in base64, which hides from gzip that most names come several times. */
export function plainDescriptors(): Plugin {
  const cuts = new Cuts('plain-descriptors');
  return {
    name: 'plain-descriptors',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (id.endsWith('/protobuf/schema.ts')) return cuts.cut(code, ATOB, 'text');
      if (!id.endsWith('_pb.ts')) return undefined;
      return cuts.cut(code, BASE64, (_, text) => `fileDesc(${JSON.stringify(atob(text!))}`);
    },
    buildEnd: (error) => cuts.check(error, [ATOB, BASE64]),
  };
}

const NO_BIGINT = /const ok =[^;]*;/;
const WRITES = /parse\(value\) \{[\s\S]*?(?=dec\(lo, hi\))/;

/** Leaves out of the library for protobuf how it writes 64 bits, and what it does where there is no BigInt. */
export function readBigInts(): Plugin {
  const cuts = new Cuts('read-bigints');
  return {
    name: 'read-bigints',
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith('/@bufbuild/protobuf/dist/esm/proto-int64.js')) return undefined;
      return cuts.cut(cuts.cut(code, NO_BIGINT, 'const ok = true;'), WRITES, '');
    },
    buildEnd: (error) => cuts.check(error, [NO_BIGINT, WRITES]),
  };
}

const ENUM = /var (\w+);\s*\(function \(\1\) \{([\s\S]*?)\}\)\(\1 \|\| \(\1 = \{\}\)\);/g;

const MEMBER = /\b\w+\.\w+\b/g;
const BUFFERED = /opts\.\w+ && opts\.\w+ > \d\s*\? new BufferedString\([^)]*\)\s*: /g;
const CHECKED = /validateBufferSize\("[^;]*;/g;

/**
 * Writes the numbers of enums where the parser of JSON names them: the names are long, and minifiers keep them. Leaves out buffers of a given size, which
 * the planner does not ask for.
 */
export function plainParser(): Plugin {
  const cuts = new Cuts('plain-parser');
  const FILES = /^(.*\/@streamparser\/json\/dist\/mjs\/).*\.js$/;
  let values: Map<string, string> | undefined;
  return {
    name: 'plain-parser',
    apply: 'build',
    transform(code, id) {
      const folder = FILES.exec(id)?.[1];
      if (folder === undefined) return undefined;
      values ??= enumValues(folder);
      const pure = cuts.cut(code, ENUM, 'var $1 = /* @__PURE__ */ (function ($1) {$2 return $1; })({});');
      const numbers = cuts.cut(pure, MEMBER, (name) => values!.get(name) ?? name);
      return cuts.cut(cuts.cut(numbers, BUFFERED, ''), CHECKED, '');
    },
    buildEnd: (error) => cuts.check(error, [ENUM, MEMBER, BUFFERED, CHECKED]),
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
  if (values.size === 0) throw new Error(`plain-parser: got no enum in ${folder}`);
  return values;
}
