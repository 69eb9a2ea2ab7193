// The command line: flags, environment, and the files that commands read. Whatever it is given, it ends with one of its exit codes, says so in text that
// a terminal can show, and no error is one of the program's own.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type FuzzTargets, json, jsonLines, lines } from '@idspace/testkit/fuzz';
import { CommandError } from '../src/cli/failure.ts';
import { run } from '../src/cli/program.ts';
import { Journal } from '../src/sweep/journal.ts';
import { headerOf } from '../src/sweep/sweep-document.ts';
import { CHECKPOINTS, Collector } from '../test/support/run.ts';

/** The first line of a stack of calls; such words may also be in what was given, which is told within a line. */
const OWN_FAULT =
  /^(?:.*\[cause\]: )?(?:TypeError|ReferenceError|SyntaxError|AssertionError|InternalError|RangeError: Maximum call stack)\b/m;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const folder = mkdtempSync(join(tmpdir(), 'idspace-fuzz-lab-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

async function command(
  argv: readonly string[],
  env: Record<string, string> = {},
  input: Uint8Array = new Uint8Array(),
): Promise<string> {
  const [out, err] = [new Collector(), new Collector()];
  const exitCode = await run(argv, {
    folder,
    env: { ...env, DEBUG: 'idspace' },
    out,
    err,
    input: Readable.from([input]),
  });
  if (![0, 1, 2, 3].includes(exitCode)) throw new Error(`exit code ${exitCode}`);
  if (OWN_FAULT.test(err.text)) throw new Error(`an error of the program's own: ${err.text.slice(0, 2000)}`);
  const unseen = UNSEEN.exec(env.FORCE_COLOR === undefined ? out.text + err.text : '');
  if (unseen !== null) throw new Error(`prints U+${unseen[0].codePointAt(0)!.toString(16)}`);
  return out.text;
}

const encode = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const decode = (input: Uint8Array): string => new TextDecoder().decode(input);

function parsed(input: Uint8Array): unknown {
  try {
    return JSON.parse(decode(input));
  } catch {
    return undefined;
  }
}

const GRID = {
  ...{
    timers: [5],
    processes: [1],
    strides: [1, 64],
    designs: ['xarray', 'idr'] as const,
    cpus: [2],
    machines: ['desktop'] as const,
  },
  ...{ seed: 1, sample: 50 },
};
const SWEEP = [
  'sweep',
  '--timers',
  '5',
  '--processes',
  '1',
  '--strides',
  '1',
  '--designs',
  'xarray,idr',
  '--cpus',
  '2',
  '--machines',
  'desktop',
];

const { evaluateCell, placeOf } = await import('@idspace/evaluation');
function shard(index: number, of: number): object {
  const cells = [0, 1, 2, 3].filter((cell) => cell % of === index - 1);
  return {
    ...headerOf(GRID as never, { index, of }),
    cells: cells.map((cell) => evaluateCell(cell, placeOf(GRID as never, cell), GRID as never)),
  };
}

const FLAGS: readonly (readonly string[])[] = [
  [
    'plan',
    '-',
    '--kernel',
    '6.18',
    '--criu',
    '4.2',
    '--nspp',
    '100',
    '--fail-over',
    '5',
    '--fail-on',
    'slow',
    '--json',
  ],
  ['plan', '--pid', '7', '--tree', '--matrix'],
  ['rehearse', '-', '--on', 'model:6.18', '--json'],
  [
    'evaluate',
    '--designs',
    'xarray,hash-512',
    '--timers',
    '10',
    '--processes',
    '1',
    '--threads',
    '1',
    '--machine',
    'desktop',
    '--seed',
    '1',
  ],
  [...SWEEP, '--jobs', '1', '--shard', '1/2', '--seed', '3'],
  ['simulate', '--trace', 't', '--format', 'din', '--d1', '32768,8,64', '--ll', '8388608,16,64'],
  ['claims', '--json'],
  ['completion', 'bash'],
  ['probe', '--facts', '--interval', '3'],
  ['help', 'plan'],
];

/** A program with a timer. */
const LOG = [
  '7 1.000000 timer_create(CLOCK_MONOTONIC, {sigev_signo=SIGALRM, sigev_notify=SIGEV_SIGNAL}, [0]) = 0',
  '7 1.000200 timer_delete(0) = 0',
  '',
].join('\n');

/** Writes a report of what a log tells; returns the page, '' if there is none. */
async function report(name: string, log: string): Promise<string> {
  const page = join(folder, 'page.html');
  rmSync(page, { force: true });
  writeFileSync(join(folder, name), log);
  await command(['evaluate', '--workload', `strace:${name}`, '--designs', 'xarray', '--report', page]);
  rmSync(join(folder, name));
  return existsSync(page) ? readFileSync(page, 'utf8') : '';
}

/** Elements and attributes of a page, without those that its own script makes. */
function shapeOf(page: string): Set<string> {
  const html = page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
  const tags = [...html.matchAll(/<([a-z!/][^\s>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi)];
  return new Set(
    tags.flatMap(([, tag, rest]) => [
      tag!,
      ...[...rest!.replace(/"[^"]*"|'[^']*'/g, '').matchAll(/[^\s=/]+/g)].map(([name]) => `${tag} ${name}`),
    ]),
  );
}

let plainShape: Promise<Set<string>> | undefined;

export const TARGETS: FuzzTargets = {
  // The last argument is one that no command has: flags are checked, and no command runs.
  flags: {
    seeds: () =>
      FLAGS.map((argv) =>
        encode({ argv, env: { COLUMNS: '80', SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '2', NO_COLOR: '1' } }),
      ),
    isSlow: true,
    structures: [json],
    run: async (input) => {
      const { argv, env } = (parsed(input) ?? {}) as { argv?: unknown; env?: object };
      if (!Array.isArray(argv)) return;
      // Nothing is to be run or written: `--` would end the flags, and profile hands on those that it does not know.
      const words = argv
        .map((word) => String(word).slice(0, 300))
        .filter((word) => !/^--$|^profile$|(^|=)\/|\.\./.test(word));
      const variables = Object.entries(env ?? {}).map(([key, value]) => [key, String(value)]);
      await command([...words, '--no-such-flag'], Object.fromEntries(variables));
    },
  },
  merge: {
    seeds: () => [encode([shard(1, 2), shard(2, 2)]), encode([shard(1, 1)])],
    isSlow: true,
    structures: [json],
    longest: 2 ** 15,
    run: async (input) => {
      const documents = parsed(input);
      if (!Array.isArray(documents) || documents.length > 4) return;
      const names = documents.map((document, at) => {
        writeFileSync(join(folder, `${at}.json`), JSON.stringify(document));
        return `${at}.json`;
      });
      if (names.length === 0) return;
      const text = await command(['merge', ...names, '--json']);
      if (text !== '') await command(['merge', ...names]);
    },
  },
  journal: {
    seeds: () => {
      const { cells, ...header } = shard(1, 2) as { cells: object[] };
      return [encode(`${[header, ...cells].map((line) => JSON.stringify(line)).join('\n')}\n`)];
    },
    isSlow: true,
    structures: [jsonLines, lines],
    longest: 2 ** 15,
    run: (input) => {
      const path = join(folder, 'a.json.journal');
      writeFileSync(path, input);
      try {
        Journal.open(path, headerOf(GRID as never, { index: 1, of: 2 }), true).close();
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
      }
    },
  },
  'plan-listing': {
    seeds: () => [encode('ID: 3\nsignal: 14/000000000000000a\nnotify: signal/pid.7\nClockID: 1\n')],
    isSlow: true,
    structures: [lines],
    run: async (input) => {
      for (const flags of [[], ['--json'], ['--matrix'], ['--emit', 'c'], ['--emit', 'json']])
        await command(['plan', '-', ...flags], {}, input);
    },
  },
  'plan-on': {
    seeds: () => [
      encode({
        format: 'idspace-target',
        version: 1,
        kernel: '6.18',
        criu: '4.2',
        taken: [{ number: 11884, as: 'pid', command: 'x' }],
        pidMax: 32768,
      }),
    ],
    isSlow: true,
    structures: [json],
    run: async (input) => {
      writeFileSync(join(folder, 'target.json'), input);
      await command(['plan', join(CHECKPOINTS, 'sparse'), '--on', 'target.json']);
      await command([
        'plan',
        join(CHECKPOINTS, 'sparse'),
        join(CHECKPOINTS, 'three-timers'),
        '--on',
        'target.json',
        '--on',
        'target.json',
      ]);
    },
  },
  // What a report shows that comes from outside stands in it as text.
  report: {
    seeds: () => [
      encode({ name: 'a.strace', log: LOG }),
      encode({ name: `<x y="z" onload='z'>&amp;</script>-->.strace`, log: LOG }),
    ],
    isSlow: true,
    structures: [json],
    longest: 2 ** 12,
    run: async (input) => {
      const { name, log } = (parsed(input) ?? {}) as { name?: unknown; log?: unknown };
      if (typeof name !== 'string' || typeof log !== 'string') return;
      const file = name.replace(/[/\0]/g, '_').slice(0, 60);
      if (/^\.{0,2}$/.test(file)) return;
      // The name of a design has an element of its own.
      plainShape ??= report('hash-512', LOG).then(shapeOf);
      const known = await plainShape;
      if (!known.has('svg')) throw new Error('there is no report of a plain log');
      for (const one of shapeOf(await report(file, log))) if (!known.has(one)) throw new Error(`the page has <${one}>`);
    },
  },
  simulate: {
    seeds: () => [
      encode('0 1000 4\n1 2000 8\n2 401000 4\n'),
      encode('I  04000000,3\n L 1ffeff000,8\n M 1ffeff008,4\n'),
    ],
    isSlow: true,
    structures: [lines],
    run: async (input) => {
      writeFileSync(join(folder, 'trace'), input);
      await command(['simulate', '--trace', 'trace', '--d1', '1024,2,64', '--ll', '8192,4,64']);
    },
  },
};
