// Notes on how the traces were read, which a reader of the counts must know.
import { count, counted } from '../format/number.ts';
import type { SimulateFlags } from './flags.ts';
import type { NamedTrace } from './open-traces.ts';

/** What was not read as it is elsewhere, or not at all. */
export function notesOn(traces: readonly NamedTrace[], cores: number): string[] {
  const several = traces.length > 1;
  const notes = traces.flatMap(({ name, trace }) => {
    const { cut, leftOut } = trace.read;
    const own: string[] = [];
    if (trace.note !== undefined) own.push(`${trace.format} ${trace.note}`);
    if (leftOut !== undefined) {
      own.push(
        `${counted(leftOut, 'line')} ${leftOut === 1 ? 'was' : 'were'} left out: neither fetches, reads nor writes`,
      );
    }
    if (cut !== undefined) {
      const done = cut.played ? 'was played as it stands, though it may be cut' : 'is cut and was left out';
      own.push(`the last line, number ${cut.line}, has no end: '${cut.text}' ${done}`);
    }
    return own.map((note) => (several ? `${name}: ${note}` : note));
  });
  const threads = traces.reduce((sum, { trace }) => sum + Math.max(1, trace.threads), 0);
  if (threads < cores) {
    const what = several ? 'the traces have' : 'the trace names';
    notes.push(
      `${what} ${counted(threads, 'thread')}: ${count(cores - threads)} of the ${count(cores)} cores did nothing`,
    );
  }
  return notes;
}

/** Which accesses were counted. */
export function windowNotes({ skip = 0, warmUp = 0, limit }: SimulateFlags): string[] {
  const parts = [
    ...(skip > 0 ? [`${counted(skip, 'access', 'accesses')} skipped`] : []),
    ...(warmUp > 0 ? [`${count(warmUp)} played to warm the caches up`] : []),
    ...(limit === undefined ? [] : [`at most ${count(limit)} counted`]),
  ];
  return parts.length > 0 ? [parts.join(', ')] : [];
}
