// Explores every order in which a few actors can make their accesses to shared memory. The actors are the code under
// test itself: an actor is a function, and its state is what it was told so far, so it can be run again from its
// beginning up to any access. A state is expanded when all that lead to it have been: the schedule of a failure is a short one.
// Memory is sequentially consistent, or weak: then plain accesses may be reordered.
import { type Random, random } from '../random.ts';
import { type Access, type Entry, WOKEN } from './access.ts';
import { type Observer, withFakes } from './fake-memory.ts';
import { mistakeOf, nameOfAccess, withoutEffect } from './mistake.ts';
import type { Exploration, ExploreOptions, Failure, Protocol } from './protocol.ts';
import { type GoesOn, Replay, strayed } from './replay.ts';
import {
  type Actor,
  hasLooked,
  isWorthKilling,
  keyOf,
  LogNumbers,
  progressOf,
  type State,
  scheduleTo,
  spins,
} from './state.ts';
import {
  land,
  made,
  mustLand,
  noHistory,
  recorded,
  rewind,
  trimmed,
  variantsOf,
  type Weakness,
} from './weak-memory.ts';

const HOUR = 3_600_000;
const MAX_STEPS = 500;
/** Accesses of one check of a state: more than any takes, unless what it follows goes in a circle. */
const MOST_CHECKED = 100_000;
/** The address of a step that is not an access to memory. */
const MODEL = -2;

/**
 * Explores a protocol.
 *
 * Not a schedule of its own is how often an actor looks again at a word that stays as it is: it waits until the word
 * changes, or until no other actor can go on. A timed sleep ends early only after an actor was killed; to depend on it
 * otherwise counts as being asleep forever.
 */
export function explore(protocol: Protocol, options: ExploreOptions = {}): Exploration {
  return new Explorer(protocol, options).run();
}

/**
 * Makes one step of an actor that is a model: `perform` runs as a single access, and its result is what the actor is
 * told. It may read and write the memory, and nothing else. Outside of an exploration it just runs.
 *
 * @param changes Says whether the step would change anything; an actor that goes round without change waits for others.
 */
export function step<T extends number | string>(
  label: string,
  perform: () => T,
  changes: () => boolean = () => true,
): T {
  if (exploring === null) return perform();
  const told = exploring.again(MODEL);
  const peek = (): T | '' => (changes() ? '' : perform());
  return (told ?? exploring.access({ label, address: MODEL, size: 0, kind: 'update', peek, changes, perform })) as T;
}

/**
 * Makes a call that an actor consists of. When it is over, its result is all that the actor knows of it: states that differ
 * only in how the call came to its result are one. So nothing outside of the memory may change in it.
 *
 * @returns What `run` returns, which JSON can tell.
 */
export function part<T>(run: () => T): T {
  return exploring === null ? run() : exploring.part(run);
}

let exploring: Explorer | null = null;

class Explorer implements Observer {
  private readonly protocol: Protocol;
  private readonly names: string[];
  private readonly buffer: SharedArrayBuffer;
  private readonly bytes: Uint8Array;
  /** The same bytes, to be read and written as a string. */
  private readonly text: Buffer;
  private readonly words: Map<number, string>;
  private readonly logs = new LogNumbers();
  /** The actor that runs; null between runs, when accesses are those of the checks. */
  private running: Replay | null = null;
  /** Names of the access that is left out, and of the one that is made in two. */
  private readonly leftOut: string | null;
  private readonly inTwo: string | null;
  /** Which actors sleep and which were woken while a step is made. */
  private sleepers: number[] = [];
  private woken: number[] = [];
  private asleepOn: readonly number[] = [];
  private schedules = 0n;
  private states = 0;
  private readonly width: number;
  private readonly weak: boolean;
  private readonly random: Random;
  /** Whether no state was left out. */
  private isComplete = true;
  private failure: Failure | null = null;
  /** Accesses that the check of a state has made. */
  private checked = 0;
  /** What is still to expand: by how far on it is, by memory, and by all else. */
  private readonly levels = new Map<number, Map<string, Map<string, State>>>();

  constructor(protocol: Protocol, { width = Number.POSITIVE_INFINITY, seed = 1, weak = false }: ExploreOptions) {
    this.protocol = protocol;
    this.width = width;
    this.weak = weak;
    this.random = random(seed);
    this.names = Object.keys(protocol.actors);
    ({ leftOut: this.leftOut, inTwo: this.inTwo } = mistakeOf(protocol.mistake));
    this.buffer = new SharedArrayBuffer(protocol.bytes);
    this.bytes = new Uint8Array(this.buffer);
    this.text = Buffer.from(this.buffer);
    this.words = new Map(Object.entries(protocol.words ?? {}).map(([name, word]) => [word * 4, name]));
  }

  run(): Exploration {
    exploring = this;
    try {
      return withFakes(this.buffer, this, () => this.search());
    } finally {
      exploring = null;
    }
  }

  again(address: number): number | string | undefined {
    return this.running?.again(address);
  }

  access(access: Access): number | string {
    const { running } = this;
    if (running === null) {
      if (++this.checked > MOST_CHECKED) throw new Error(`the check goes on after ${MOST_CHECKED} accesses`);
      return access.perform() as number | string;
    }
    if (this.leftOut !== null && nameOfAccess(access.label) === this.leftOut) {
      return running.access(withoutEffect(access, this.bytes, running.lastAt(access.address)));
    }
    // What a model's step reads and writes is part of the step.
    this.running = null;
    try {
      return running.access(access);
    } finally {
      this.running = running;
    }
  }

  /** Makes a call of an actor, or tells it again what came of it. */
  part<T>(run: () => T): T {
    return this.running === null ? run() : this.running.part(run);
  }

  isInTwo(call: string, address: number): boolean {
    return this.running !== null && this.inTwo !== null && this.inTwo === `${call}(${this.nameOf(address)})`;
  }

  now(): number {
    return this.running === null ? 0 : this.running.now();
  }

  wake(address: number, count: number): number {
    const woken = this.sleepers.filter((actor) => this.asleepOn[actor] === address).slice(0, count);
    this.sleepers = this.sleepers.filter((actor) => !woken.includes(actor));
    this.woken.push(...woken);
    return woken.length;
  }

  nameOf(address: number): string {
    return this.words.get(address) ?? `byte ${address}`;
  }

  private search(): Exploration {
    this.protocol.setup?.(this.buffer);
    const memory = this.text.toString('latin1');
    const actors = this.names.map((_, index) => this.begin(index));
    const weakness = this.weak ? noHistory(actors.length) : null;
    const first: State = { memory, weakness, actors, sleepers: [], depth: 0, paths: 1n, trail: null };
    if (!this.someThrew(first)) this.add(first);
    let longest = 0;
    while (this.levels.size > 0 && this.failure === null) {
      const next = Math.min(...this.levels.keys());
      const level = this.levels.get(next)!;
      this.levels.delete(next);
      for (const state of this.drawn([...level.values()].flatMap((states) => [...states.values()]))) {
        this.states++;
        longest = Math.max(longest, state.depth);
        this.expand(state);
        if (this.failure !== null) break;
      }
    }
    const { schedules, states, isComplete, failure } = this;
    return { schedules, states, longest, isComplete, failure };
  }

  /** As many of the states that are a step further as may be expanded. */
  private drawn(level: State[]): State[] {
    if (level.length <= this.width) return level;
    this.isComplete = false;
    return this.random.shuffle(level).slice(0, this.width);
  }

  /** Goes on from a state in every way there is. */
  private expand(state: State): void {
    const { protocol, buffer } = this;
    this.remember(state);
    if (!this.holds(state, () => protocol.invariant?.(buffer))) return;
    const unfinished = state.actors.filter((actor) => !actor.ended && !actor.dead);
    const late = state.weakness?.freedoms.some((freedom) => freedom.late !== null) ?? false;
    if (unfinished.length === 0 && !late) {
      this.schedules += state.paths;
      const results = state.actors.flatMap(({ dead, result }, i) => (dead ? [] : [[this.names[i]!, result]]));
      this.holds(state, () => protocol.check?.(buffer, Object.fromEntries(results)));
      return;
    }
    if (this.isLong(state)) {
      this.fail(state, `no end after ${state.depth} steps`);
      return;
    }
    this.goOn(state);
    this.strike(state);
  }

  private isLong({ depth }: State): boolean {
    return depth >= (this.protocol.maxSteps ?? MAX_STEPS);
  }

  /** Lets the actors go on that can. */
  private goOn(state: State): void {
    const awake = state.actors.flatMap(({ pending }, i) => (pending === null ? [] : [i]));
    const free = awake.filter((i) => !spins(state.actors[i]!));
    const late = state.weakness?.freedoms.flatMap((freedom, i) => (freedom.late === null ? [] : [i])) ?? [];
    for (const i of late) this.landLate(state, i);
    if (free.length === 1 && isCalm(state, free[0]!)) {
      this.runAhead(state, free[0]!);
      return;
    }
    for (const i of free) this.advance(state, i);
    if (free.length + late.length > 0) return;
    if (awake.length > 0) {
      // All wait for something that only they themselves will do, by looking often enough: take turns.
      this.advance(
        state,
        awake.reduce((a, b) => (length(state, b) < length(state, a) ? b : a)),
      );
    } else if (state.actors.some(({ dead }) => dead)) {
      // Each wakes by itself sooner or later: none does twice before all have looked at the memory as it is.
      const first = state.sleepers.filter((i) => !hasLooked(state.actors[i]!, state.memory));
      for (const i of first.length > 0 ? first : state.sleepers) this.oversleep(state, i);
    } else {
      const names = state.sleepers.map((i) => this.names[i]).join(' and ');
      this.fail(state, `${names} asleep forever`);
    }
  }

  /** Kills an actor, or lets its time run out, if it may be. */
  private strike(state: State): void {
    const { killed = {}, impatient = [] } = this.protocol;
    const someDied = state.actors.some(({ dead }) => dead);
    state.actors.forEach((actor, i) => {
      if (actor.ended || actor.dead) return;
      const name = this.names[i]!;
      const onDeath = killed[name];
      if (onDeath !== undefined && !someDied && isWorthKilling(actor)) this.kill(state, i, onDeath);
      if (!impatient.includes(name) || actor.late) return;
      if (actor.asleepOn >= 0) this.oversleep(state, i);
      else this.hurry(state, i);
    });
  }

  private begin(index: number): Actor {
    const progress = this.replay(index, [], never, 0);
    return { ...progress, logId: this.logs.of(0, progress.log), dead: false, late: false, wokeIn: null };
  }

  private advance(state: State, index: number): void {
    if (state.weakness !== null) {
      this.advanceWeakly(state, state.weakness, index);
      return;
    }
    this.load(state);
    this.arrive(state, index, ...this.stepped(state, index), null);
  }

  /** Lets an actor make its next access; returns what became of it, and the line of the schedule. */
  private stepped(state: State, index: number): [after: Actor, step: string] {
    const actor = state.actors[index]!;
    const after = this.replayed(index, actor, actor.log, once());
    if (after.asleepOn >= 0) this.sleepers.push(index);
    return [after, this.lineOf(index, actor.pending!, after.told)];
  }

  /** A line of the schedule: an access, and what its actor was told. */
  private lineOf(index: number, { label, address }: Access, told: Entry | undefined): string {
    if (told !== undefined && told.address !== address) throw strayed(told.address, address);
    return `${this.names[index]}: ${label} → ${told === undefined ? 'asleep' : told.value}`;
  }

  /**
   * Lets the only actor that can go on make accesses until another one can, too, or it waits itself. In between nothing but a death or
   * a clock that runs ahead can happen: so its code is run once, and not once for each access.
   */
  private runAhead(state: State, index: number): void {
    const actor = state.actors[index]!;
    let at = state;
    const line = (told: Entry | undefined): string => this.lineOf(index, at.actors[index]!.pending!, told);
    const goesOn: GoesOn = ({ log, told }, pending) => {
      if (told === undefined) return true;
      if (this.woken.length > 0) return false;
      const actors = [...at.actors];
      const logId = this.logs.after(at.actors[index]!, log);
      actors[index] = { ...actor, log: [...log], logId, pending };
      const trail = { step: line(told), before: at.trail };
      const next = { ...at, memory: this.memoryAfter(at), actors, depth: at.depth + 1, trail };
      if (!isAlone(next, index) || this.isLong(next)) return false;
      at = next;
      return this.passes(at);
    };
    this.load(state);
    const after = this.replayed(index, actor, actor.log, goesOn);
    if (this.failure !== null) return;
    if (after.asleepOn >= 0) this.sleepers.push(index);
    const told = after.asleepOn >= 0 ? undefined : after.told;
    this.arrive(at, index, after, line(told), state.weakness);
  }

  /** Does in a state, amid the run of an actor, what does not depend on this; says whether all holds. */
  private passes(state: State): boolean {
    const { running, protocol, buffer } = this;
    this.running = null;
    if (this.holds(state, () => protocol.invariant?.(buffer))) this.strike(state);
    this.load(state);
    this.running = running;
    return this.failure === null;
  }

  /** Lets an actor make its next access in each way that weak memory allows. */
  private advanceWeakly(state: State, weakness: Weakness, index: number): void {
    const { bytes } = this;
    const access = state.actors[index]!.pending!;
    this.load(state);
    const landed = mustLand(weakness, index, access) ? land(weakness, index, bytes) : weakness;
    const before = bytes.slice();
    const isLast = areOver(state.actors, index);
    for (const variant of variantsOf(landed, index, access, bytes)) {
      // Who is to see that a write is late?
      if (variant.isLate && isLast) continue;
      this.load(state);
      bytes.set(before);
      const isRead = access.kind === 'read' || access.kind === 'load';
      if (isRead) rewind(landed, index, variant.time, bytes);
      const [after, step] = this.stepped(state, index);
      if (isRead) bytes.set(before);
      const now = made(landed, index, access, variant, before, bytes);
      this.arrive(state, index, after, `${step}${noteOf(variant)}`, now);
    }
  }

  /** Lets a late write reach memory. */
  private landLate(state: State, index: number): void {
    this.load(state);
    const { label } = state.weakness!.freedoms[index]!.late!;
    const weakness = land(state.weakness!, index, this.bytes);
    this.arrive(state, index, state.actors[index]!, `${this.names[index]}: ${label} reaches memory`, weakness);
  }

  private kill(state: State, index: number, onDeath: (memory: SharedArrayBuffer) => void): void {
    this.load(state);
    let { weakness } = state;
    // A thread's writes reach memory before its end is told.
    if (weakness !== null) weakness = land(weakness, index, this.bytes);
    const before = weakness && this.bytes.slice();
    onDeath(this.buffer);
    if (before !== null) weakness = recorded(weakness!, index, before, this.bytes);
    this.sleepers = this.sleepers.filter((sleeper) => sleeper !== index);
    const dead = { ...state.actors[index]!, dead: true, pending: null };
    this.arrive(state, index, dead, `${this.names[index]}: killed`, weakness);
  }

  private hurry(state: State, index: number): void {
    this.load(state);
    this.arrive(
      state,
      index,
      { ...state.actors[index]!, late: true },
      `${this.names[index]}: its time runs out`,
      state.weakness,
    );
  }

  private oversleep(state: State, index: number): void {
    this.load(state);
    const actor = state.actors[index]!;
    const log = [...actor.log, awoken(actor, 'timed-out')];
    this.sleepers = this.sleepers.filter((sleeper) => sleeper !== index);
    const after = this.replayed(index, { ...actor, late: true, wokeIn: state.memory }, log, never);
    this.arrive(state, index, after, `${this.names[index]}: wakes by itself`, state.weakness);
  }

  /** Sets the memory and the sleepers to those of a state. */
  private load(state: State): void {
    this.remember(state);
    this.sleepers = [...state.sleepers];
    this.woken = [];
    this.asleepOn = state.actors.map(({ asleepOn }) => asleepOn);
  }

  /** Enters the state that memory and sleepers show now, in which actor `index` became `after`. */
  private arrive(from: State, index: number, after: Actor, step: string, left: Weakness | null): void {
    const actors = [...from.actors];
    actors[index] = after;
    for (const i of this.woken) {
      const actor = actors[i]!;
      actors[i] = this.replayed(i, actor, [...actor.log, awoken(actor, 'ok')], never);
    }
    const trail = { step, before: from.trail };
    const weakness = left && trimmed(left, (i) => actors[i]!.ended || actors[i]!.dead);
    const { paths } = from;
    const depth = from.depth + 1;
    const memory = this.memoryAfter(from);
    const state: State = { memory, weakness, actors, sleepers: this.sleepers, depth, paths, trail };
    if (!this.someThrew(state)) this.add(state);
  }

  /** Adds a state to those that are to be expanded, unless it is there. */
  private add(state: State): void {
    const { depth, memory, paths } = state;
    const progress = progressOf(state);
    const level = this.levels.get(progress) ?? new Map<string, Map<string, State>>();
    this.levels.set(progress, level);
    const states = level.get(memory) ?? new Map<string, State>();
    level.set(memory, states);
    const key = keyOf(state);
    const known = states.get(key);
    if (known === undefined) {
      states.set(key, state);
      return;
    }
    known.paths += paths;
    known.depth = Math.max(known.depth, depth);
  }

  /** Makes the memory that of a state. */
  private remember({ memory }: State): void {
    this.text.write(memory, 'latin1');
  }

  /** The memory as it is now; the same string where nothing has changed: its hash is known. */
  private memoryAfter({ memory }: State): string {
    const now = this.text.toString('latin1');
    return now === memory ? memory : now;
  }

  private replayed(index: number, before: Actor, log: Actor['log'], goesOn: GoesOn): Actor {
    const progress = this.replay(index, log, goesOn, before.late ? HOUR : 0);
    const logId = this.logs.after(before, progress.log);
    return { ...progress, logId, dead: before.dead, late: before.late, wokeIn: before.wokeIn };
  }

  private replay(index: number, log: Actor['log'], goesOn: GoesOn, time: number): ReturnType<typeof Replay.of> {
    const actor = this.protocol.actors[this.names[index]!]!;
    try {
      return Replay.of(
        () => actor(this.buffer),
        log,
        goesOn,
        time,
        (run) => {
          this.running = run;
        },
      );
    } finally {
      this.running = null;
    }
  }

  private someThrew(state: State): boolean {
    const index = state.actors.findIndex(({ error }) => error !== undefined);
    if (index >= 0) this.fail(state, `${this.names[index]} throws ${String(state.actors[index]!.error)}`);
    return index >= 0;
  }

  private holds(state: State, rule: () => void): boolean {
    this.checked = 0;
    try {
      rule();
    } catch (error) {
      this.fail(state, error instanceof Error ? error.message : String(error));
    }
    return this.failure === null;
  }

  private fail(state: State, message: string): void {
    this.failure ??= { message, schedule: scheduleTo(state) };
  }
}

/** For a run that is to make no access. */
const never: GoesOn = () => false;

/** For a run that is to make one. */
function once(): GoesOn {
  let left = 1;
  return () => left-- > 0;
}

/** Whether an actor is the only one that can go on. */
function isAlone({ actors }: State, index: number): boolean {
  return actors.every((actor, i) => (i === index ? !spins(actor) : actor.pending === null || spins(actor)));
}

/** Whether the order of an actor's accesses is of no account to others: all are over, and there is nothing old that it could see. */
function isCalm({ weakness, actors }: State, index: number): boolean {
  if (weakness === null) return true;
  const isQuiet = weakness.history.length === 0 && weakness.freedoms.every(({ late }) => late === null);
  return isQuiet && areOver(actors, index);
}

/** Whether all actors but one have ended or died. */
function areOver(actors: readonly Actor[], but: number): boolean {
  return actors.every(({ ended, dead }, i) => ended || dead || i === but);
}

/** What a schedule adds to an access that is out of order. */
function noteOf({ isOld, isLate }: { isOld: boolean; isLate: boolean }): string {
  return isOld ? ' (an old value)' : isLate ? ' (not yet in memory)' : '';
}

function awoken({ asleepOn }: Actor, value: string): Entry {
  return { label: WOKEN, address: asleepOn, value, changed: false };
}

function length(state: State, actor: number): number {
  return state.actors[actor]!.log.length;
}
