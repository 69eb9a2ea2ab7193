// One checkpoint on every kind of kernel by every kind of restorer, as a grid.
import { kernelKind, type MatrixRow, type PlanMatrix } from '@idspace/restore-planner';
import type { Exhibit } from '../format/exhibit.ts';
import { restorerName } from '../format/kernel-name.ts';
import { count, duration } from '../format/number.ts';
import { rateText } from './plan-cost.ts';

/** Shows a row per kernel and a column per restorer; what is printed stands below, by letter. */
export function matrixExhibit(title: string, matrix: PlanMatrix): Exhibit {
  const crius = [...new Set(matrix.rows.map(({ criu }) => criu))];
  const kernels = [...new Set(matrix.rows.map(({ kernel }) => kernel))];
  const errors = [...new Set(matrix.rows.flatMap(({ error }) => error ?? []))];
  const letterOf = ({ error }: MatrixRow): string => (error === null ? '' : ` (${letter(errors.indexOf(error))})`);
  const cell = (kernel: string, criu: string): string => {
    const row = matrix.rows.find((one) => one.kernel === kernel && one.criu === criu)!;
    return `${headline(row)}${letterOf(row)}\n${price(row)}`;
  };
  return {
    title,
    columns: [
      { head: 'Kernel', align: 'left' },
      ...crius.map((criu) => ({ head: criu === 'native' ? 'native' : `CRIU ${criu}`, align: 'left' as const })),
    ],
    rows: kernels.map((kernel) => [
      `${kernel}\n  ${kernelKind(kernel).nextId}`,
      ...crius.map((criu) => cell(kernel, criu)),
    ]),
    reading: [
      READING,
      ...readings(matrix),
      `Times: ${rateText(matrix)}, whatever the kernel; they and the counts are those of the timers.`,
      best(matrix),
    ].join(' '),
    entries: errors.map((error, index) => [`(${letter(index)})`, error.replaceAll('\n', ' · ')] as const),
  };
}

const READING =
  'Below a kernel stands which ID it gives next; in a cell how the restore ends and in what time, below that the number of creates. ' +
  '"hangs": from the create of that number on, the same calls lead back to the same state forever. "limit": the create of that ' +
  'number is one timer more than RLIMIT_SIGPENDING allows, and is refused. ' +
  'A letter such as (a) leads to what is printed then, below the table. ' +
  'native is a restorer that uses the best its kernel has: prctl, a create that names the ID, a cursor, the dance, or filling: ' +
  'to create all timers up to the highest ID, then delete those in between.';

/** Whether the CRIU comes to read a checkpoint on the kernel: whatever else fails says why. */
function starts({ outcome, error }: MatrixRow): boolean {
  return outcome !== 'fails' || error !== null;
}

/** What is said only where it is needed. */
function readings({ rows }: PlanMatrix): string[] {
  const has = (test: (row: MatrixRow) => boolean, text: string): string[] => (rows.some(test) ? [text] : []);
  return [
    ...has((row) => !starts(row), NO_START),
    ...has(
      ({ outcome }) => outcome === 'depends',
      '"depends": on what is not known of the target; the warnings of the plan say on what.',
    ),
    ...has(({ space }) => space !== null && space !== 'timers', OTHER_SPACE),
    ...has(({ refusedCreate, outcome }) => outcome === 'exceeds-limit' && refusedCreate === null, SHARED),
  ];
}

const NO_START =
  '"no start": CRIU before 4.1 does not start on Linux 6.13 and later, which map the data of the vdso in two pieces.';
const OTHER_SPACE = 'An outcome such as "fails (pids)" is that of the ID space named, not of the timers.';
const SHARED =
  '"limit, for all": the timers of all processes are charged to one user, and are more than RLIMIT_SIGPENDING.';

/** a, b, … z, aa, … */
function letter(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : `${letter(Math.floor(index / 26) - 1)}${last}`;
}

function headline(row: MatrixRow): string {
  const { outcome, space, seconds } = row;
  if (!starts(row)) return 'no start';
  if (outcome === 'ok') return `ok ${duration(seconds)}`;
  return `${outcome === 'exceeds-limit' ? 'limit' : outcome}${space === 'timers' ? '' : ` (${space})`}`;
}

function price({ outcome, creates, refusedCreate }: MatrixRow): string {
  if (outcome === 'exceeds-limit' && refusedCreate === null) return 'for all';
  if (outcome === 'exceeds-limit' && refusedCreate !== null) return `at ${count(refusedCreate)}`;
  return outcome === 'hangs' ? `from ${count(creates)}` : count(creates);
}

/** The fastest that succeeds among released CRIUs and kernels with numbers. */
function best({ rows }: PlanMatrix): string {
  const released = rows.filter(
    ({ criu, kernel, outcome }) => outcome === 'ok' && criu !== 'native' && /^\d/.test(kernel),
  );
  const fastest = released.reduce<MatrixRow | null>(
    (so, row) => (so === null || row.seconds < so.seconds ? row : so),
    null,
  );
  if (fastest === null) return 'No CRIU restores it on any of these releases.';
  const also = released.filter(({ seconds }) => seconds === fastest.seconds);
  const where = also.map(({ criu, kernel }) => `${restorerName(criu)} on Linux ${kernel}`);
  if (where.length > 3)
    return `Fastest of what is released: ${duration(fastest.seconds)}, on ${where.length} of these pairs.`;
  return `Fastest of what is released: ${where.join(', ')}, ${duration(fastest.seconds)}.`;
}
