// Checks a recorded history of one register that several threads used: is there an order of the calls that explains
// every answer and keeps to real time? Tables and arrays are checked key by key: a history is linearizable exactly if
// that of each key is.
// Reference: M. Herlihy, J. Wing, "Linearizability", 1990; the search goes through the events in order of time.

/** What was called; the register holds 0 when nothing is there. */
export type RegisterCall =
  /** Answers with the value. */
  | 'read'
  /** Puts `value` if nothing is there; answers whether it did (1 or 0). */
  | 'insert'
  /** Puts `value`; answers with what was there. */
  | 'write'
  /** Puts `value` if something is there; answers with what was there. */
  | 'replace'
  /** Removes; answers with what was there. */
  | 'remove'
  /** Puts `value` if `expected` is there; answers with what was there. */
  | 'cmpxchg';

/** One call in a history. */
export interface RegisterEvent {
  call: RegisterCall;
  value: number;
  expected: number;
  /** When it began, by a clock that all threads share. */
  start: number;
  /** When it ended; Infinity if its thread died before: it may have taken effect or not. */
  end: number;
  /** Its answer; not looked at if it did not end, or if it is null: not known, as of one index in a call on many. */
  answer: number | null;
}

/** How a register may stand after a prefix of its history: its value, and which of the calls under way have happened. */
type States = Map<string, { value: number; happened: ReadonlySet<RegisterEvent> }>;

/**
 * Looks for an order that explains a history.
 *
 * @returns The values the register may have at the end, or the first call whose answer nothing explains.
 *
 * Cost: the calls × the orders of those that overlap, which short calls keep few.
 */
export function explainRegister(
  history: readonly RegisterEvent[],
): { values: number[] } | { violation: RegisterEvent } {
  const numbers = new Map(history.map((event, i) => [event, i]));
  const moments = history.flatMap((event) => [
    { at: event.start, event, begins: true },
    ...(event.end === Number.POSITIVE_INFINITY ? [] : [{ at: event.end, event, begins: false }]),
  ]);
  moments.sort((a, b) => a.at - b.at);
  const under = new Set<RegisterEvent>();
  let states: States = new Map([['start', { value: 0, happened: new Set() }]]);
  for (const { event, begins } of moments) {
    if (begins) {
      under.add(event);
      continue;
    }
    states = after(event, states, under, numbers);
    if (states.size === 0) return { violation: event };
    under.delete(event);
  }
  const last = closure(states, under, numbers);
  return { values: [...new Set([...last.values()].map(({ value }) => value))] };
}

/** The states in which `event`, which has ended, has happened. */
function after(
  event: RegisterEvent,
  states: States,
  under: ReadonlySet<RegisterEvent>,
  numbers: Map<RegisterEvent, number>,
): States {
  const left: States = new Map();
  for (const { value, happened } of closure(states, under, numbers).values()) {
    if (!happened.has(event)) continue;
    const rest = new Set(happened);
    rest.delete(event);
    left.set(keyOf(value, rest, numbers), { value, happened: rest });
  }
  return left;
}

/** All states reached when any of the calls under way happen, in any order. */
function closure(states: States, under: ReadonlySet<RegisterEvent>, numbers: Map<RegisterEvent, number>): States {
  const reached: States = new Map(states);
  const todo = [...states.values()];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    for (const event of under) {
      if (state.happened.has(event)) continue;
      const [answer, value] = apply(event, state.value);
      const isKnown = event.end !== Number.POSITIVE_INFINITY && event.answer !== null;
      if (isKnown && answer !== event.answer) continue;
      const happened = new Set(state.happened).add(event);
      const key = keyOf(value, happened, numbers);
      if (reached.has(key)) continue;
      const next = { value, happened };
      reached.set(key, next);
      todo.push(next);
    }
  }
  return reached;
}

/** What a call answers, and the value it leaves. */
function apply({ call, value, expected }: RegisterEvent, held: number): [answer: number, value: number] {
  if (call === 'read') return [held, held];
  if (call === 'insert') return held === 0 ? [1, value] : [0, held];
  if (call === 'write') return [held, value];
  if (call === 'replace') return [held, held === 0 ? 0 : value];
  if (call === 'remove') return [held, 0];
  return [held, held === expected ? value : held];
}

function keyOf(value: number, happened: ReadonlySet<RegisterEvent>, numbers: Map<RegisterEvent, number>): string {
  return `${value}:${[...happened].map((event) => numbers.get(event)).sort()}`;
}
