// "Copy as test": the text of a vitest that makes the calls of a session again and expects what is seen.
import { grouped } from './grouped.ts';
import { type CallName, callText } from './machine.ts';
import { callsOf, inWords, type Operation } from './operations.ts';
import { LONG_RUN, Session } from './session.ts';
import { bucketsOf, idsOf, treeOf } from './views.ts';

/** Picks at random that a text has at most: each is written out. */
export const MAX_PICKS = 2000;

/** IDs at each end that are expected one by one. */
const ENDS = 10;

const TABLE_OPERATION: Readonly<Partial<Record<CallName, string>>> = {
  timer_create: 'create',
  timer_gettime: 'lookup',
  timer_delete: 'delete',
};

/**
 * Writes the test, of the calls made so far. It needs vitest, `@idspace/posix-timers`, and `@idspace/evaluation` where it expects accesses.
 *
 * Accesses are expected where every call was recorded.
 *
 * @throws RangeError where more than 2,000 timers were picked at random: the text would be too long to read.
 * Cost: plays the session again where something was picked.
 */
export function testText(session: Session): string {
  const { setup, operations, position } = session;
  const runs = operations
    .map((run, i) => ({ run, start: session.startOf(i), calls: Math.min(callsOf(run), position - session.startOf(i)) }))
    .filter(({ calls }) => calls > 0);
  const metered = session.call?.cost != null && runs.every(({ run }) => callsOf(run) <= LONG_RUN);
  const picks = new Picks(session);
  const body = runs.flatMap(({ run, start, calls }) => callsInCode(run, calls, () => picks.of(start, calls), metered));
  const title = `on ${setup.release}: ${runs.map(({ run }) => inWords(run)).join(', then ') || 'nothing'}`;
  const lines = [...helpers(session, metered), ...body, ...expectations(session, metered)];
  return `${imports(metered)}
test(${quoted(title.length > 150 ? `${title.slice(0, 149)}…` : title)}, () => {
${lines.map((line) => `  ${line}\n`).join('')}});
`;
}

function imports(metered: boolean): string {
  const meter = `import { hardwareNamed } from '@idspace/evaluation';
import { CallMeter, CallRecorder } from '@idspace/evaluation/calls';
`;
  return `${metered ? meter : ''}import { Kernel } from '@idspace/posix-timers';
import { expect, test } from 'vitest';
`;
}

/** What makes the kernel, and the calls by short names. */
function helpers({ setup }: Session, metered: boolean): string[] {
  const { release, cpus, seed, hardware } = setup;
  const recorded = (operation: string, call: string): string =>
    metered ? `{ meter.begin(); return recorder.record('${operation}', () => ${call}); }` : call;
  return [
    `const kernel = new Kernel({ release: ${quoted(release)}, cpus: ${cpus}, seed: ${seed} });`,
    'const process = kernel.spawn();',
    ...(metered
      ? [
          `const meter = new CallMeter(hardwareNamed(${quoted(hardware)}));`,
          `const recorder = new CallRecorder(kernel.table, ${cpus}, meter);`,
        ]
      : []),
    `const create = (id = -1): number => ${recorded('create', 'process.timerCreate(1, { notify: 1 }, id)')};`,
    `const lookup = (id: number): number => ${recorded('lookup', 'process.timerGettime(id)')};`,
    `const remove = (id: number): number => ${recorded('delete', 'process.timerDelete(id)')};`,
    'let last = -1;',
    'void [create, lookup, remove];',
    '',
  ];
}

/** The calls of a run as far as they are made. */
function callsInCode(run: Operation, calls: number, picks: () => number[], metered: boolean): string[] {
  const { kind, count, first, step } = run;
  const times = (n: number, call: string): string => `for (let i = 0; i < ${n}; i++) ${call};`;
  const id = step === 1 ? `${first} + i` : `${first} + i * ${step}`;
  const whole = Math.floor(calls / 2);
  switch (kind) {
    case 'create':
      return [times(calls, 'last = create()')];
    case 'lookup':
    case 'delete':
      return [times(calls, `last = ${kind === 'lookup' ? 'lookup' : 'remove'}(${id})`)];
    case 'lookup-random':
    case 'delete-random':
      return [
        `for (const id of [${picks().join(', ')}]) last = ${kind === 'lookup-random' ? 'lookup' : 'remove'}(id);`,
      ];
    case 'churn': {
      const gone = picks().filter((_, i) => i % 2 === 0);
      const loop = `for (const id of [${gone.slice(0, whole).join(', ')}]) { remove(id); last = create(); }`;
      return [...(whole > 0 ? [loop] : []), ...(calls % 2 === 1 ? [`last = remove(${gone.at(-1)});`] : [])];
    }
    case 'pairs': {
      const fast = `last = process.createDeletePairs(1, { notify: 1 }, ${whole}).deleted;`;
      const loop = metered ? times(whole, 'last = remove(create())') : fast;
      return [...(whole > 0 ? [loop] : []), ...(calls % 2 === 1 ? ['last = create();'] : [])];
    }
    case 'restore':
      return [
        'last = process.prctl(77, 1); // restore mode on',
        ...(calls > 1 ? [times(Math.min(calls - 1, count), `last = create(${id})`)] : []),
        ...(calls === count + 2 ? ['last = process.prctl(77, 0);'] : []),
      ];
    case 'limit':
      return [`last = process.setrlimit(${first});`];
    case 'want':
      return [];
  }
}

/** What is seen, as expectations. */
function expectations(session: Session, metered: boolean): string[] {
  const { machine, call, setup } = session;
  const { live, cursor } = idsOf(session);
  const buckets = bucketsOf(machine);
  const tree = treeOf(machine);
  const ids = [...live];
  return [
    '',
    ...(call === null ? [] : [`expect(last).toBe(${call.result}); // ${callText(call)}`]),
    'const ids = [...process.procTimers().matchAll(/^ID: (\\d+)$/gm)].map(([, id]) => Number(id)).sort((a, b) => a - b);',
    `expect(ids.length).toBe(${ids.length});`,
    `expect([...ids.slice(0, ${ENDS}), ...ids.slice(-${ENDS})]).toEqual([${[...ids.slice(0, ENDS), ...ids.slice(-ENDS)].join(', ')}]);`,
    `expect(process.nextId).toBe(${cursor});`,
    ...(buckets === undefined
      ? []
      : [
          'const { hash } = kernel.table.parts() as { hash: { chainLengths(): Uint32Array } };',
          `expect(Math.max(...hash.chainLengths())).toBe(${buckets.longest});`,
          `expect(hash.chainLengths().filter((length) => length > 0).length).toBe(${buckets.lengths.filter((length) => length > 0).length});`,
        ]),
    ...(tree === undefined
      ? []
      : [
          `const tree = kernel.table.parts()[${quoted(setup.release === '3.9' || machine.design === 'idr' ? 'idr' : 'xarray/1')}];`,
          `expect(tree).toMatchObject({ height: ${tree.height}, nodeCount: ${tree.nodes} });`,
        ]),
    ...(metered ? [costInCode(session)] : []),
  ];
}

function costInCode({ call, machine, setup }: Session): string {
  const { refs, linesTouched, servedBy } = call!.cost!;
  const cost = `meter.cost('${TABLE_OPERATION[call!.name]}', '${machine.design}', ${setup.cpus})`;
  return `expect(${cost}).toMatchObject({ refs: ${refs}, linesTouched: ${linesTouched}, servedBy: [${servedBy.join(', ')}] });`;
}

/** What was picked at random, found by playing the session again. */
class Picks {
  private readonly session: Session;
  private replay: Session | undefined;
  private left = MAX_PICKS;

  constructor(session: Session) {
    this.session = session;
  }

  /** What the calls from a position on are about. */
  of(start: number, calls: number): number[] {
    this.left -= calls;
    if (this.left < 0) {
      throw new RangeError(`More than ${grouped(MAX_PICKS)} timers were picked at random: too many for a test's text.`);
    }
    this.replay ??= new Session(this.session.setup, this.session.operations);
    this.replay.seek(start);
    return Array.from({ length: calls }, () => {
      this.replay!.stepCall();
      return this.replay!.call!.argument;
    });
  }
}

/** A string in single quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
