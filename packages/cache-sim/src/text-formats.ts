// Formats that a pattern describes: the texts of Pin, DynamoRIO and gem5.
import type { Batch } from './batch.ts';
import { FETCH, READ, WRITE } from './cache-stats.ts';
import type { LineFormat } from './line-reader.ts';
import type { TraceCursor } from './trace-cursor.ts';

/** Most digits of an address, beyond which it is none. */
const ADDRESS = '(?:0x)?([\\da-fA-F]{1,16})';
/** A size in bytes as these tools write it. */
const SIZE = '([1-9]\\d{0,9})';

/** One form of line. */
interface Form {
  line: RegExp;
  /** Adds the line's access, from the groups of the pattern; undefined: the line is left out. */
  access?: (groups: string[], add: (kind: number, address: number, bytes: number, thread?: string) => void) => void;
  /** Whether a line that is left out tells of something that could have been played. */
  counts?: boolean;
}

/** Makes a format of the forms its lines have. */
function patterned(forms: readonly Form[], expected: string, rest: Omit<LineFormat, 'readLine'>): LineFormat {
  const readLine = (cursor: TraceCursor, batch: Batch): void => {
    const text = cursor.restOfLine();
    for (const { line, access, counts } of forms) {
      const match = line.exec(text);
      if (match === null) continue;
      access?.(match.slice(1), (kind, address, bytes, thread) => {
        cursor.checkAccess(address, bytes);
        cursor.accesses++;
        batch.add(kind, address, bytes, thread === undefined ? 0 : cursor.threadNumber(thread));
      });
      if (counts) cursor.leftOut++;
      cursor.skipLine();
      return;
    }
    if (text.trim() !== '') throw cursor.error('bad-line', `expected ${expected}`);
    cursor.skipLine();
  };
  return { readLine, ...rest };
}

/** The address that a group of ADDRESS stands for; NaN from 2⁵³ on, where not every number is exact. */
function hex(digits: string): number {
  const address = Number.parseInt(digits, 16);
  return address < 2 ** 53 ? address : Number.NaN;
}

/**
 * Pin's pinatrace: "0x7f8c8f1d0df4: R 0x7f8c8f1fce68", the instruction and what it reads or writes. A newer one adds size and value.
 *
 * Source: Intel Pin, source/tools/ManualExamples/pinatrace.cpp and SimpleExamples/pinatrace.cpp (the form of the output).
 */
export const PINATRACE: LineFormat = patterned(
  [
    {
      line: new RegExp(`^${ADDRESS}: ([RW]) +${ADDRESS}(?: +${SIZE}(?: +0x[\\da-fA-F]+| +(?:[\\da-fA-F]{2} ?)+)?)? *$`),
      access: ([, kind, address, bytes], add) => add(kind === 'R' ? READ : WRITE, hex(address!), Number(bytes ?? 1)),
    },
    { line: /^#/ },
  ],
  "'0x7f8c8f1d0df4: R 0x7f8c8f1fce68' or a line that starts with '#'",
  {
    examples: ['0x7f8c8f1d0df4: R 0x7f8c8f1fce68 8 0x0000000000000001', '#eof'],
    note:
      'accesses without a size are played as 1 byte; fetches are not played, ' +
      'because the trace has only the instructions that access memory',
  },
);

/** Who ran it, in DynamoRIO's view: record, instruction, thread. */
const RECORD = '^ *\\d+(?: +\\d+)?: +((?:W\\d+\\.)?T?\\d+) +(?=\\S)';
const BRANCH =
  'non-branch|(?:(?:un)?taken |(?:in)?direct |conditional )?jump|(?:(?:in)?direct )?call|return|sysenter|branch';

/**
 * DynamoRIO's drmemtrace, as its view tool prints it:
 * "  8  1: 3256418 ifetch  3 byte(s) @ 0x00007f8a0ae0e8a0 48 89 e7  mov %rsp, %rdi". Markers are left out.
 *
 * Source: DynamoRIO, clients/drcachesim/tools/view.cpp (the form of the output).
 */
export const DRMEMTRACE: LineFormat = patterned(
  [
    {
      line: new RegExp(`${RECORD}(ifetch|read|write) +${SIZE} byte\\(s\\) @ ${ADDRESS}(?: .*)?$`),
      access: ([thread, kind, bytes, address], add) => add(KINDS[kind!]!, hex(address!), Number(bytes), thread),
    },
    {
      line: new RegExp(`${RECORD}${ADDRESS} +(?:${BRANCH}) +${SIZE} byte\\(s\\) *$`),
      access: ([thread, address, bytes], add) => add(FETCH, hex(address!), Number(bytes), thread),
    },
    { line: new RegExp(`${RECORD}<.*> *$`) },
    { line: new RegExp(`${RECORD}(?:\\S{0,20}prefetch|[id]?flush|non-fetched)`), counts: true },
    { line: /^(?:Output format:|View tool results:|<--record#.*|-+)$/ },
    { line: /^ *\d+ : total [\w ]+$/ },
  ],
  "a record of DynamoRIO's view, such as '9 2: 3256418 write 8 byte(s) @ 0x7ffd0a3d3ce8 by PC 0x7f5a5bd0a103'",
  {
    examples: [
      '    63588: T3551528     read  1 byte(s) @ 0x7f7fe3ec538c',
      '    63588: T3551528     write  1 byte(s) @ 0x7f7fe3ec538c',
      '       8     1:    3256418 ifetch  3 byte(s) @ 0x00007f8a0ae0e8a0 48 89 e7',
      '    63586: T3551528   0x7f7fe453152a  non-branch 5 byte(s)',
      '     1       0:    3256418 <marker: version 3>',
      'View tool results:',
      '   4 : total instructions',
    ],
  },
);
const KINDS: Readonly<Record<string, number>> = { ifetch: FETCH, read: READ, write: WRITE };

/**
 * DynamoRIO's memtrace samples: "0x7f59c2d002d3:  5, call" and "0x7ffeacab0ec8:  8, w", or "0x401000,w,8,0x7ffeacab0ec8".
 *
 * Source: DynamoRIO, api/samples/memtrace_simple.c and memtrace_x86.c (the form of the output).
 */
export const MEMTRACE: LineFormat = patterned(
  [
    {
      line: new RegExp(`^${ADDRESS}: +${SIZE}, (\\w+) *$`),
      access: ([address, bytes, kind], add) =>
        add(kind === 'r' ? READ : kind === 'w' ? WRITE : FETCH, hex(address!), Number(bytes)),
    },
    {
      line: new RegExp(`^${ADDRESS},([rw]),${SIZE},${ADDRESS} *$`),
      access: ([, kind, bytes, address], add) => add(kind === 'r' ? READ : WRITE, hex(address!), Number(bytes)),
    },
    { line: /^Format: <.*$/ },
  ],
  "'0x7ffeacab0ec8:  8, w' (address, size, r, w or an instruction) or '0x401000,w,8,0x7ffeacab0ec8'",
  { examples: ['0x7ffeacab0ec8:  8, w', '0x401000,w,8,0x7ffeacab0ec8', 'Format: <data address>'] },
);

/**
 * gem5's packet trace, as util/decode_packet_trace.py writes it: "[id,]r,addr,size[,flags],tick[,pc]", all decimal; u is any other command.
 *
 * Source: gem5, util/decode_packet_trace.py (the form of the output).
 */
export const GEM5: LineFormat = patterned(
  [
    {
      line: new RegExp(`^(?:\\d+,)?([rw]),(\\d{1,16}),${SIZE}(?:,\\d+){1,3}$`),
      access: ([kind, address, bytes], add) => add(kind === 'r' ? READ : WRITE, Number(address), Number(bytes)),
    },
    { line: /^(?:\d+,)?u,\d+,\d+(?:,\d+){1,3}$/, counts: true },
  ],
  "'r,4096,64,1000': command, address, size and tick, decimal",
  { examples: ['r,4096,64,1000', '17,w,4096,64,256,1000,4198400', 'u,4096,64,1000'] },
);
