// What makes the page smaller without a change to what it does.
import type { Plugin } from 'vite';

/** Leaves out cache-sim's generator of code: the page's policy forbids that, and main.tsx says so to CacheSim. */
export function noGeneratedCode(): Plugin {
  return {
    name: 'no-generated-code',
    apply: 'build',
    load: (id) =>
      id.endsWith('/cache-sim/src/plain-sim.ts')
        ? "export class PlainSim { constructor() { throw new EvalError('this page runs no generated code'); } }"
        : undefined,
  };
}
