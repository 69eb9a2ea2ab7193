// The trace formats by name.
import { DIN, DINERO3 } from './din.ts';
import { LACKEY } from './lackey.ts';
import type { LineFormat } from './line-reader.ts';
import { DRMEMTRACE, GEM5, MEMTRACE, PINATRACE } from './text-formats.ts';

/** Formats that are read. */
export type TraceFormat = 'lackey' | 'din' | 'dinero3' | 'pinatrace' | 'drmemtrace' | 'memtrace' | 'gem5';

/** The formats; where a line is of two, the first is meant. */
export const LINE_FORMATS: Readonly<Record<TraceFormat, LineFormat>> = {
  lackey: LACKEY,
  din: DIN,
  dinero3: DINERO3,
  pinatrace: PINATRACE,
  drmemtrace: DRMEMTRACE,
  memtrace: MEMTRACE,
  gem5: GEM5,
};

/** Names of the formats that are read. */
export const TRACE_FORMATS: readonly TraceFormat[] = Object.keys(LINE_FORMATS) as TraceFormat[];
