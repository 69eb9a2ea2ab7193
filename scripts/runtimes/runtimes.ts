// The runtimes, and how the bundled tests of a package are run in each.
import { existsSync } from 'node:fs';
import type { Inside } from './bundle.ts';
import { inChromium } from './chromium.ts';
import { BUN, DENO, fetched, fetchProgram, nodeProgram, type Program, WORKERD } from './fetch.ts';
import type { Outcome } from './outcome.ts';
import { inProcess } from './process.ts';
import { inWorkerd } from './workerd.ts';

/** Runs a bundle, and hands over each outcome as it comes. Rejects where the runtime ends, or says nothing for long. */
export type Run = (module: string, report: (outcome: Outcome) => void) => Promise<void>;

export interface Runtime {
  readonly name: string;
  readonly inside: Inside;
  /** Makes ready to run; undefined if the runtime is not here, and, with `mayFetch`, cannot be had. */
  ready(mayFetch: boolean): Promise<Run | undefined>;
}

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);

async function programOf(program: Program, mayFetch: boolean): Promise<string | undefined> {
  return mayFetch ? fetchProgram(program) : fetched(program);
}

function inProcessOf(name: string, program: Program | undefined, ...args: string[]): Runtime {
  return {
    name,
    inside: 'in-process',
    ready: async (mayFetch) => {
      const file = program === undefined ? process.execPath : await programOf(program, mayFetch);
      return file && ((module, report) => inProcess([file, ...args, module], report));
    },
  } as Runtime;
}

/** Node.js of a major version: this one, if it is. */
function node(major: number): Runtime {
  const isThis = Number.parseInt(process.versions.node, 10) === major;
  return inProcessOf(`Node ${major}`, isThis ? undefined : nodeProgram(major));
}

function chromium(name: string, isWorker: boolean): Runtime {
  return {
    name,
    inside: 'in-browser',
    ready: async () => CHROMIUM && ((module, report) => inChromium(CHROMIUM, module, isWorker, report)),
  } as Runtime;
}

export const RUNTIMES: readonly Runtime[] = [
  node(20),
  node(22),
  node(24),
  node(26),
  inProcessOf('Bun', BUN),
  inProcessOf('Deno', DENO, 'run', '--allow-all'),
  chromium('Chromium page', false),
  chromium('Chromium worker', true),
  {
    name: 'workerd',
    inside: 'in-workerd',
    ready: async (mayFetch) => {
      const file = await programOf(WORKERD, mayFetch);
      return file && ((module, report) => inWorkerd(file, module, report));
    },
  } as Runtime,
];
