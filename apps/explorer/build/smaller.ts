// What makes the page smaller without a change to what it does.
import type { Plugin } from 'vite';

/** What stands for modules that no browser reaches, by the ends of their paths. */
const UNREACHED: Readonly<Record<string, string>> = {
  // cache-sim's generator of code: the page's policy forbids that, and main.tsx says so to CacheSim.
  '/cache-sim/src/plain-sim.ts':
    "export class PlainSim { constructor() { throw Error('this page runs no generated code'); } }",
  // The decoder of zstd for Node.js.
  '/restore-planner/src/bytes/zstd-wasm.ts': 'export const ZstdWasm = undefined;',
};

/** Leaves out modules that no browser reaches. */
export function noUnreached(): Plugin {
  const used = new Set<string>();
  return {
    name: 'no-unreached',
    apply: 'build',
    load(id) {
      const end = Object.keys(UNREACHED).find((path) => id.endsWith(path));
      if (end === undefined) return undefined;
      used.add(end);
      return UNREACHED[end];
    },
    buildEnd(error) {
      const gone = Object.keys(UNREACHED).filter((path) => !used.has(path));
      if (error === undefined && gone.length > 0) throw new Error(`no-unreached: no module is ${gone.join(' or ')}`);
    },
  };
}
