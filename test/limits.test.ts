// docs/limits.md against the sources: each constant has the value stated, each test is there, and no limit is left out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packages, ROOT } from './support/workspace.ts';

const PAGE = readFileSync(join(ROOT, 'docs/limits.md'), 'utf8');
/** How limits are called in the sources. */
const LIMIT = /^(?:MAX|MOST|LONGEST|FREE_FRAMES)(?:_|$)/;
const CONSTANT = /^(?:export )?const ([A-Z][A-Z\d_]*)(?:: number)? = (.+?);/gm;

/** Constants that are called like limits and end nothing that comes from outside, by the reason. */
const NONE: Readonly<Record<string, readonly string[]>> = {
  'how much the page shows': [
    'apps/explorer/src/checkpoint/checkpoint-state.ts MOST_OF_NAME',
    'apps/explorer/src/checkpoint/summary.ts MOST_PROCESSES',
    'apps/explorer/src/checkpoint/summary.ts MOST_REASONS',
    'apps/explorer/src/checkpoint/summary.ts MOST_WARNINGS',
    'apps/explorer/src/checkpoint/target-form.ts MOST_IN_RANGE',
    'apps/explorer/src/engine/views.ts MAX_WANTED',
    'apps/explorer/src/engine/views.ts MAX_NODES',
    'apps/explorer/src/panels/dance.ts MOST_PAIRS',
    'apps/explorer/src/panels/store.ts MAX_SPEED',
    'apps/explorer/src/race/race.ts LONGEST_FRAME',
    'apps/explorer/src/trace/pasted.ts MOST_SECONDS',
  ],
  'what a claim is measured with': [
    'apps/lab/src/claims/measured/other-ids/spaces.ts MOST_TAKEN',
    'apps/lab/src/claims/measured/other-ids/spaces.ts MOST_INDEX',
    'apps/lab/src/claims/measured/other-ids/spaces.ts MOST_CPUS',
  ],
  'how much a text shows': [
    'apps/lab/src/cli/all-shards.ts MOST_NAMED',
    'apps/lab/src/format/bars.ts MOST',
    'apps/lab/src/format/screen.ts MOST_OF_PROSE',
    'apps/lab/src/plan/assumed.ts MOST_NOTES',
    'apps/lab/src/plan/checkpoint-at.ts MOST',
    'apps/lab/src/plan/folded.ts MOST_TROUBLED',
    'apps/lab/src/plan/folded.ts MOST_FINE',
    'apps/lab/src/plan/fleet-text.ts MOST_REASONS',
    'apps/lab/src/plan/fleet.ts MOST_NAMED',
    'apps/lab/src/plan/judge.ts MOST_TOLD',
    'apps/lab/src/plan/origin-text.ts MOST_NAMED',
    'apps/lab/src/plan/origin-text.ts LONGEST',
    'apps/lab/src/plan/placement/fleet-matrix.ts MOST_COLUMNS',
    'apps/lab/src/plan/placement/fleet-matrix.ts MOST_REASONS',
    'apps/lab/src/plan/placement/fleet-matrix.ts LONGEST',
    'apps/lab/src/plan/placement/nodes-table.ts MOST_NODES',
    'apps/lab/src/plan/placement/nodes-table.ts MOST_REASONS',
    'apps/lab/src/plan/placement/one-checkpoint.ts MOST_NODES',
    'apps/lab/src/plan/placement/one-checkpoint.ts MOST_REASONS',
    'apps/lab/src/plan/placement/why.ts MOST_NAMED',
    'apps/lab/src/plan/plan-text.ts MOST_IDS',
    'apps/lab/src/plan/plan-text.ts MOST_SENTENCES',
    'apps/lab/src/plan/plan-text.ts LONGEST_NAME',
    'apps/lab/src/plan/plugin/failure-text.ts LONGEST_NAME',
    'apps/lab/src/plan/plugin/failure-text.ts MOST_OTHERS',
    'apps/lab/src/plan/plugin/failure-text.ts MOST_IDS',
    'apps/lab/src/plan/target-text.ts MOST_SHOWN',
    'apps/lab/src/plan/verdict-text.ts MOST_SHOWN',
    'apps/lab/src/plan/warnings-text.ts MOST_IDS',
    'apps/lab/src/plan/warnings-text.ts MOST_SHOWN',
    'apps/lab/src/profile/profile-text.ts MOST_PLACES',
    'apps/lab/src/profile/profile-text.ts LONGEST_SOURCE',
    'packages/cache-profile/src/preload.ts MOST_CORES',
    'packages/cache-profile/src/tally.ts MOST_PICTURES',
    'packages/restore-planner/src/rehearse/checks.ts LONGEST',
    'apps/lab/src/rehearse/rehearsal-text.ts MOST_PROCESSES',
    'packages/restore-planner/src/archive/origin.ts LONGEST',
    'packages/restore-planner/src/image/dump-log.ts LONGEST',
    'packages/restore-planner/src/spaces/pty/way-out.ts MOST_INDICES',
    'packages/restore-planner/src/spaces/pty/way-out.ts MOST_LISTED',
    'packages/restore-planner/src/spaces/reason.ts MOST_NAMED',
    'packages/restore-planner/src/spaces/timers/warnings/texts.ts MOST_NAMED',
  ],
  'as of a shard': ['apps/lab/src/sweep/run-sweep.ts MOST'],
  'how much of a value an error shows': [
    'packages/cache-profile/src/misuse.ts LONGEST',
    'packages/cache-sim/src/misuse.ts LONGEST',
    'packages/hash-table/src/misuse.ts LONGEST',
    'packages/kernel-ids/src/misuse.ts LONGEST',
    'packages/live-kernel/src/misuse.ts LONGEST',
    'packages/lock/src/misuse.ts LONGEST',
    'packages/mem-trace/src/instrument/label.ts LONGEST',
    'packages/mem-trace/src/misuse.ts LONGEST',
    'packages/next-id/src/misuse.ts LONGEST',
    'packages/posix-timers/src/misuse.ts LONGEST',
    'packages/restore-planner/src/shown.ts LONGEST',
    'packages/restore-planner/src/shown.ts MOST_MEMBERS',
    'packages/xarray/src/misuse.ts LONGEST',
  ],
  'how much is measured': [
    'packages/evaluation/src/evaluate/references.ts MOST',
    'packages/evaluation/src/evaluate/limits.ts MAX_CORES',
    'packages/evaluation/src/evaluate/options.ts MAX_CHURN_TIMERS',
    'packages/evaluation/src/evaluate/phases.ts MOST_RANDOM',
    'packages/evaluation/src/evaluate/series.ts MAX_STRIDE',
    'packages/evaluation/src/evaluate/windows.ts MOST_WINDOWS',
  ],
  'of the kernel': [
    'packages/kernel-ids/src/aio-contexts.ts MOST_EVENTS',
    'packages/kernel-ids/src/model-ids.ts MOST_CPUS',
    'packages/kernel-ids/src/model-ids.ts MOST_TERMINALS',
    'packages/posix-timers/src/clock.ts MAX_PID',
    'packages/posix-timers/src/signal-address.ts MAX_LIVE',
  ],
  'how much of the running kernel is looked at; what is left out is told': [
    'packages/live-kernel/src/agent/agents.ts MOST_AGENTS',
    'packages/live-kernel/src/agent/live-rings.ts MOST',
    'packages/live-kernel/src/facts/criu-on-path.ts MOST_MS',
    'packages/live-kernel/src/probe/spaces/find-policies.ts MOST_ROUND',
  ],
  'of a timer of the engine: waits are cut into pieces': ['packages/lock/src/patience.ts LONGEST_MS'],
  'of a key of an array, and of a table that is kept for speed': [
    'packages/mem-trace/src/recording/calls.ts MOST_SITES',
    'packages/mem-trace/src/stand-in.ts MAX_DIGITS',
  ],
  'the place of a word': [
    'packages/next-id/src/shared/shared-id-pool.ts MAX',
    'packages/next-id/src/shared/shared-next-id.ts MAX',
  ],
  'bounded by a limit that is stated': [
    'packages/xarray/src/shared/options.ts MAX_NODES',
    'packages/restore-planner/src/archive/collect.ts MAX_DOCUMENT',
    'packages/restore-planner/src/archive/pax.ts LONGEST_LENGTH',
    'packages/restore-planner/src/image/id-parts.ts MAX_PATH',
    'packages/restore-planner/src/image/message.ts MAX_REPEATED',
    'packages/restore-planner/src/oci/image-containers.ts MAX_DEPTH',
    'packages/restore-planner/src/proc/proc-text.ts MAX_TEXT',
  ],
  'of the format, or of a piece': [
    'packages/restore-planner/src/bytes/decompress.ts LONGEST_MAGIC',
    'packages/restore-planner/src/bytes/text.ts MOST_ARGUMENTS',
    'packages/restore-planner/src/bytes/zstd-frames.ts LONGEST_HEADER',
    'packages/restore-planner/src/bytes/zstd-frames.ts MAX_BLOCK',
    'packages/restore-planner/src/bytes/zstd-wasm.ts MOST_ERRORS',
    'packages/restore-planner/src/bytes/zstd/huffman.ts MOST_BITS',
    'packages/restore-planner/src/bytes/zstd/sequences.ts MOST_OFFSET_BITS',
    'packages/restore-planner/src/bytes/zstd/zstd-decoder.ts MAX_BLOCK',
  ],
  'how much is kept or looked at, for speed': [
    'packages/evaluation/src/evaluate/core-caches.ts MOST_LEFT',
    'packages/xarray/src/shared/shared-xarray.ts MOST_KNOWN',
    'packages/restore-planner/src/image/read-ids.ts MOST_LOOKED_AT',
    'packages/restore-planner/src/plan-restore.ts MOST_KEPT',
  ],
  'how far a proposed name may be': ['packages/restore-planner/src/nearest.ts MOST_TYPOS'],
  'from where on a plan states a bound in place of a number': [
    'packages/restore-planner/src/spaces/aio/aio.ts MOST_CPUS',
    'packages/restore-planner/src/spaces/pids/collisions.ts MOST_PLAYED',
    'packages/restore-planner/src/spaces/pids/play-pids.ts MOST_PLAYED_TASKS',
  ],
  'of the layout': [
    'packages/xarray/src/ida-layout.ts MAX_LEVELS',
    'packages/xarray/src/node-layout.ts MAX_HEIGHT',
    'packages/xarray/src/shared/glance.ts MOST_NODES',
    'packages/xarray/src/shared/repair.ts MOST_TAKEN',
    'packages/xarray/src/sparse/layout.ts MAX_LEVELS',
  ],
};

interface Row {
  limit: string;
  most: string;
  constant: { name: string; file: string } | undefined;
  test: { title: string; file: string };
}

const rows: Row[] = [...PAGE.matchAll(/^\| (.+) \| (.+) \| (.+) \| (.+) \|$/gm)]
  .filter(([, limit]) => limit !== 'limit')
  .map(([, limit, most, constant, proof]) => {
    const [, name, file] = /^\[`(\w+)`\]\(\.\.\/(.+)\)$/.exec(constant!) ?? [];
    const [, title, testFile] = /^\[(.+)\]\(\.\.\/(.+)\)$/.exec(proof!)!;
    return {
      limit: limit!,
      most: most!,
      constant: name === undefined ? undefined : { name, file: file! },
      test: { title: title!, file: testFile! },
    };
  });

/** '2²⁶', '2³² − 1', '1,024', '64 MiB' → a number. */
function numberOf(text: string): number {
  const [, base, raised, less, unit] = /^([\d,]+)([⁰¹²³⁴-⁹]*)(?: − (\d))?(?: (KiB|MiB))?$/.exec(text) ?? [];
  if (base === undefined) throw new Error(`no number: ${text}`);
  const power = raised === '' ? 1 : Number([...raised!].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join(''));
  const scale = unit === undefined ? 1 : unit === 'KiB' ? 2 ** 10 : 2 ** 20;
  return Number(base.replaceAll(',', '')) ** power * scale - Number(less ?? 0);
}

const texts = new Map<string, string>();
function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(ROOT, file), 'utf8');
  texts.set(file, text);
  return text;
}

/** The values of a file's constants that are sums, products and powers of numbers and of others before them. */
function constantsOf(file: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [, name, expression] of textOf(file).matchAll(CONSTANT)) {
    const numbers = expression!
      .replace('Number.MAX_SAFE_INTEGER', `${Number.MAX_SAFE_INTEGER}`)
      .replaceAll(/\b[A-Z][A-Z\d_]*\b/g, (other) => `${values.get(other) ?? other}`)
      .replaceAll(/(?<=\d)n\b/g, '');
    if (/^(?:0x[\da-f_]+|\de\d+|[\d_\s*+\-/()<>])+$/i.test(numbers))
      values.set(name!, Number(new Function(`return ${numbers}`)()));
  }
  return values;
}

describe('the page', () => {
  test('has rows', () => {
    expect(rows.length).toBeGreaterThan(100);
  });

  test.each(
    rows.filter(({ constant }) => constant !== undefined).map((row) => [row.constant!.name, row.most, row] as const),
  )('%s is %s', (name, most, { constant }) => {
    // One that is made of what another file has: its last constants do not matter here.
    const value = constantsOf(constant!.file).get(name);
    expect(value).toBe(numberOf(most));
  });

  test.each(rows.map(({ test }) => [test.title, test.file] as const))("the test '%s' is in %s", (title, file) => {
    const quoted = [`'${title}'`, `\`${title}\``, `"${title}"`];
    expect(quoted.some((name) => textOf(file).includes(name))).toBe(true);
  });
});

test('no limit is left out', () => {
  const stated = rows.flatMap(({ constant }) => (constant ? [`${constant.file} ${constant.name}`] : []));
  const known = [...stated, ...Object.values(NONE).flat()];
  const found = packages
    .filter(({ folder }) => !folder.startsWith('examples/') && !/\/(?:testkit|docs)$/.test(folder))
    .flatMap(({ folder }) =>
      readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${folder}/src/${name}`),
    )
    .flatMap((file) =>
      [...constantsOf(file).keys()].filter((name) => LIMIT.test(name)).map((name) => `${file} ${name}`),
    );
  expect(found.filter((limit) => !known.includes(limit))).toEqual([]);
  expect(
    Object.values(NONE)
      .flat()
      .filter((name) => !found.includes(name)),
  ).toEqual([]);
});
