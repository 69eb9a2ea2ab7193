// The kept results of a package: packages/NAME/bench/results.jsonl, one line for each measured row, oldest first.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Interval } from '@idspace/testkit/bench';

/** One line. */
export interface KeptResult {
  /** Commit whose sources were measured: 40 hexadecimal digits. */
  revision: string;
  /** Day of the measurement: '2026-11-30'. */
  date: string;
  /** As the CPU calls itself, and how many there are: 'AMD EPYC × 2'. */
  machine: string;
  /** '20.20.2'. */
  node: string;
  row: string;
  /** The named alternative, with its version where it is a package. */
  peer: string;
  /** CPU time of the package by that of the alternative. */
  ratio: Interval;
}

const TEXTS = ['revision', 'date', 'machine', 'node', 'row', 'peer'] as const;
const FORMS: Partial<Record<string, RegExp>> = { revision: /^[0-9a-f]{40}$/, date: /^\d{4}-\d\d-\d\d$/ };

/**
 * Reads kept results.
 *
 * @returns None where there is no file.
 * @throws Error naming the file, the line and what is expected there.
 */
export function readResults(file: string): KeptResult[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error(`${file}: got a last line without an end, expected '\\n'`);
  return lines.map((line, i) => parseResult(line, `${file}:${i + 1}`));
}

function parseResult(line: string, at: string): KeptResult {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${at}: got no JSON, expected a result: ${(error as Error).message}`);
  }
  for (const key of TEXTS) {
    const text = value?.[key];
    if (typeof text !== 'string' || !(FORMS[key] ?? /./).test(text)) {
      throw new Error(
        `${at}: got ${key} ${JSON.stringify(text)}, expected a text${FORMS[key] ? ` like ${FORMS[key]}` : ''}`,
      );
    }
  }
  const { low, median, high } = (value.ratio ?? {}) as Partial<Interval>;
  if (!(low! > 0 && low! <= median! && median! <= high! && high! < Number.POSITIVE_INFINITY)) {
    throw new Error(`${at}: got ratio ${JSON.stringify(value.ratio)}, expected 0 < low ≤ median ≤ high`);
  }
  return value as unknown as KeptResult;
}

/** Adds results at the end: four digits of each ratio. */
export function appendResults(file: string, results: readonly KeptResult[]): void {
  const rounded = ({ median, low, high }: Interval): Interval => ({
    median: Number(median.toPrecision(4)),
    low: Number(low.toPrecision(4)),
    high: Number(high.toPrecision(4)),
  });
  appendFileSync(
    file,
    results.map((result) => `${JSON.stringify({ ...result, ratio: rounded(result.ratio) })}\n`).join(''),
  );
}
