// The timeline's state: a session, a second one beside it, and the player that moves both.
import { errnoName } from '@idspace/posix-timers';
import { batch, type Signal, signal } from '@preact/signals';
import { isMissed } from '../engine/log.ts';
import { type Call, callText } from '../engine/machine.ts';
import { inWords, isSame, type Operation } from '../engine/operations.ts';
import { Session, type SessionState } from '../engine/session.ts';
import { DEFAULT_SETUP, type Setup } from '../engine/setup.ts';
import { announce } from '../shell/announce.tsx';
import { count, counted } from '../shell/number.ts';
import { danceInWords, danceTo } from './dance.ts';

/** What is played where a page begins: enough to have holes, chains and two levels of tree. */
const BEGINNING: SessionState = { setup: DEFAULT_SETUP, operations: [], position: 0, access: 0 };

/** Milliseconds of a frame that calls may take: the rest is for drawing. */
const BUDGET = 6;
const LEAST_BUDGET = 1;
/** Milliseconds from one frame to the next, where drawing keeps up; a longer one takes time from the calls. */
const FRAME = 18;
/** Milliseconds between two announcements while it plays. */
const PAUSE = 1500;

/** Speeds, calls a second; 10⁰ … 10⁶. */
export const MAX_SPEED = 6;

/** One session and its player. Views that show a session of their own make a Player of their own. */
export class Player {
  /** The session; another one after `open`. This and the other signals are for reading: the calls change them. */
  readonly session: Signal<Session>;
  /** The same operations on another kernel; null without. */
  readonly beside: Signal<Session | null> = signal(null);
  /** Goes up with every change: what draws reads it. */
  readonly version: Signal<number> = signal(0);
  readonly playing: Signal<boolean> = signal(false);
  /** Power of ten: calls a second. */
  readonly speed: Signal<number> = signal(0);
  /** Where it is going without a look at the speed; −1 where it is not. */
  private target = -1;
  /** The ID that the last calls dance to; −1 where they do not. */
  private wanted = -1;
  private frame = 0;
  private lastFrame = 0;
  private due = 0;
  private budget = BUDGET;
  private announced = 0;

  constructor(state: SessionState = BEGINNING) {
    this.session = signal(new Session(state.setup, state.operations));
    this.show(state);
  }

  /** Shows another state. */
  open(state: SessionState): void {
    this.pause();
    batch(() => {
      this.session.value = new Session(state.setup, state.operations);
      this.show(state);
    });
    if (this.target >= 0) announce('The calls are being made …'); // or a call of the history before would stand there
  }

  /** Changes the setup and plays the same operations on it. */
  change(setup: Partial<Setup>): void {
    const { state } = this.session.value;
    this.open({ ...state, setup: { ...state.setup, ...setup } });
  }

  /** Adds operations and makes their calls. */
  apply(...operations: readonly Operation[]): void {
    this.pause();
    this.session.value.apply(...operations);
    announce(`${sentence(operations.map(inWords).join(', then '))}.`);
    this.goTo(this.session.value.length);
  }

  /** Dances to an ID: creates timers and deletes them until it is next, then creates it. */
  danceTo(id: number): void {
    const steps = danceTo(this.session.value, id);
    if (typeof steps === 'string') {
      this.pause();
      announce(steps);
      return;
    }
    this.apply(...steps);
    this.wanted = id;
    if (this.target < 0) this.tell();
  }

  /** Takes back what was applied last. */
  undo(): void {
    this.pause();
    this.session.value.undo();
    this.changed();
    announce('Taken back.');
  }

  /** Goes to a position, in slices where it is far. */
  goTo(position: number): void {
    this.playing.value = false;
    this.target = position;
    this.advance();
  }

  stepCall(): void {
    this.step((session) => session.stepCall());
  }

  stepAccess(): void {
    this.step((session) => session.stepAccess());
  }

  backCall(): void {
    this.step((session) => session.backCall());
  }

  backAccess(): void {
    this.step((session) => session.backAccess());
  }

  /** Shows so many accesses of the last call. */
  showAccesses(access: number): void {
    this.step((session) => {
      session.showAccesses(access);
      return true;
    });
  }

  /** Plays from here, or from the beginning where it is at the end; or stops. */
  toggle(): void {
    if (this.playing.value) {
      this.pause();
      return;
    }
    const session = this.session.value;
    if (session.length === 0) return;
    if (session.position === session.length) session.seek(0);
    this.playing.value = true;
    this.due = 1;
    this.lastFrame = 0;
    this.nextFrame();
  }

  pause(): void {
    this.playing.value = false;
    this.target = -1;
    this.wanted = -1;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  setSpeed(speed: number): void {
    this.speed.value = Math.max(0, Math.min(MAX_SPEED, speed));
  }

  private show(state: SessionState): void {
    const { beside } = state.setup;
    const { setup, operations } = state;
    this.beside.value = beside === '' ? null : new Session({ ...setup, release: beside, beside: '' }, operations);
    this.goTo(state.position);
    if (this.target < 0) this.session.value.showAccesses(state.access);
    this.changed();
  }

  private step(make: (session: Session) => boolean): void {
    this.pause();
    if (make(this.session.value)) this.changed();
    this.tell();
  }

  private readonly advance = (time = performance.now()): void => {
    this.frame = 0;
    const session = this.session.value;
    const until = performance.now() + this.budget;
    if (this.target >= 0) {
      if (session.seek(this.target, until)) {
        this.target = -1;
        this.tell();
      } else this.nextFrame();
    } else if (this.playing.value) {
      if (this.lastFrame > 0) {
        this.budget =
          time - this.lastFrame > FRAME ? Math.max(LEAST_BUDGET, this.budget / 2) : Math.min(BUDGET, this.budget + 0.1);
      }
      this.due += this.lastFrame === 0 ? 0 : ((time - this.lastFrame) / 1000) * 10 ** this.speed.value;
      this.lastFrame = time;
      const calls = Math.floor(this.due);
      if (calls > 0) {
        const before = session.position;
        session.run(calls, until);
        // What the machine cannot keep up with is dropped: the speed is the most it tries.
        this.due = session.position - before < calls ? 0 : this.due - calls;
        if (time - this.announced > PAUSE) this.tell();
      }
      if (session.position === session.length) {
        this.playing.value = false;
        this.tell();
      } else this.nextFrame();
    }
    this.changed();
  };

  private nextFrame(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.advance);
  }

  private changed(): void {
    const other = this.beside.value;
    if (other !== null) this.follow(this.session.value, other);
    this.version.value++;
  }

  /** Brings the second session to where the first is. */
  private follow(session: Session, other: Session): void {
    if (other.operations !== session.operations && !isSame(other.operations, session.operations)) {
      const next = new Session(other.setup, session.operations);
      this.beside.value = next;
      next.seek(session.position, performance.now() + this.budget);
      return;
    }
    if (!other.seek(session.position, performance.now() + this.budget)) this.nextFrame();
  }

  private tell(): void {
    this.announced = performance.now();
    const session = this.session.value;
    announce(this.wanted < 0 ? momentInWords(session) : danceInWords(session, this.wanted));
  }
}

/** Says where a session is, and what has just happened, in one sentence. */
export function momentInWords(session: Session): string {
  const { call, position, access } = session;
  if (call === null) return 'At the beginning: no call is made yet.';
  const n = count(position);
  if (call.name === 'prctl' && call.argument === 0) return `Call ${n}: ${callText(call)}.${askedInWords(session)}`;
  if (call.result < 0) return `Call ${n}: ${callText(call)}. ${refusedInWords(call)}`;
  if (call.cost === null) return `Call ${n}: ${callText(call)}.`;
  const { refs, linesTouched, servedBy } = call.cost;
  if (access < call.accesses.length) {
    const { kind, bytes, category, level } = call.accesses[Math.max(access - 1, 0)];
    const { levels } = session.machine.meter.hardware;
    const server = levels[level]?.name ?? 'memory';
    return `Call ${n}: ${callText(call)}. Access ${access} of ${refs}: ${kind}, ${counted(bytes, 'byte')} of the ${category}, served by ${server}.`;
  }
  const misses = refs - servedBy[0];
  return `Call ${n}: ${callText(call)}. ${counted(refs, 'access', 'accesses')} to ${counted(linesTouched, 'cache line')}, ${count(misses)} of them missed the first cache.`;
}

/** Says why the kernel refused a call. */
function refusedInWords({ name, argument, result }: Call): string {
  const error = errnoName(-result);
  if (name === 'prctl') return 'This kernel has no restore mode.';
  if (name !== 'timer_create')
    return argument < 0 ? 'There is no live timer to pick.' : `There is no timer with ID ${count(argument)}.`;
  if (error === 'EBUSY') return `Another timer has ID ${count(argument)}.`;
  return error === 'EAGAIN' ? 'The limit of timers is reached, or no ID is free.' : 'The kernel refuses the request.';
}

/** Says what came of asking for an ID, once restore mode is off again. */
function askedInWords({ log, call }: Session): string {
  const [, create] = log.newest(0, 2);
  if (create?.name !== 'timer_create' || create.argument < 0) return '';
  const { argument, result } = create;
  if (!isMissed(create)) return ` The kernel was asked for ID ${count(argument)}, and gave it.`;
  if (result < 0) return ` The kernel refused ID ${count(argument)}: ${callText(create)}.`;
  const why = call!.result < 0 ? 'This kernel cannot be asked for an ID' : 'The kernel did not give the ID';
  return ` ${why}: the timer got ${count(result)}, not ${count(argument)}.`;
}

function sentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
