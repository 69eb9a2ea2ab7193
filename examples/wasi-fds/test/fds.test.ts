// The table on browser_wasi_shim, against Node's WASI host: numbers and errors are those that programs get there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WASI as NodeWasi } from 'node:wasi';
import { ConsoleStdout, Fd, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { budget, type Random, runModel } from '@idspace/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { runReadme } from '../../../test/support/readme-examples.ts';
import { FdTable } from '../src/fd-table.ts';
import { useLowestFds } from '../src/lowest-fds.ts';
import { type Calls, open, program } from './calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-wasi-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DIR = 3;
const BADF = 8;
const MFILE = 33;

interface Shim {
  wasi: WASI;
  calls: Calls;
}

/** A program on browser_wasi_shim, with a folder that has the files given. */
function shim(prepare: (wasi: WASI) => void = useLowestFds): Shim {
  const std = [new OpenFile(new File([])), ConsoleStdout.lineBuffered(() => {}), ConsoleStdout.lineBuffered(() => {})];
  const wasi = new WASI([], [], [...std, new PreopenDirectory('/', new Map([['a', new File([])]]))], { debug: false });
  prepare(wasi);
  const instance = program(wasi.wasiImport);
  wasi.initialize(instance as never);
  return { wasi, calls: instance.exports };
}

/** A program on Node's host, over real files. */
function node(): Calls {
  const wasi = new NodeWasi({ version: 'preview1', preopens: { '/': folder } });
  const instance = program(wasi.wasiImport);
  wasi.initialize(instance);
  return instance.exports;
}

test('numbers and errors are those of Node, whatever is opened, closed and renumbered', () => {
  const fd = ({ below }: Random): number => DIR + 1 + below(24) - below(2);
  const counts = runModel({
    seed: 21,
    steps: budget(20_000),
    subject: shim().calls,
    oracle: node(),
    operations: {
      open: {
        weight: 3,
        args: () => ['a'],
        subject: (own, path: string) => open(own, DIR, path),
        oracle: (theirs, path: string) => open(theirs, DIR, path),
      },
      openNothing: {
        args: () => ['b'],
        subject: (own, path: string) => open(own, DIR, path, 0),
        oracle: (theirs, path: string) => open(theirs, DIR, path, 0),
      },
      close: {
        weight: 2,
        // Not the folder itself, which all others are opened in.
        args: (rng) => [Math.max(fd(rng), DIR + 1)],
        subject: (own, n: number) => own.fd_close(n),
        oracle: (theirs, n: number) => theirs.fd_close(n),
      },
      renumber: {
        // To another number: Node says that a file which is not open can have its own.
        args: (rng) => {
          const from = Math.max(fd(rng), DIR + 1);
          return [from, from === DIR + 1 ? from + 1 + rng.below(20) : DIR + 1 + rng.below(from - DIR - 1)];
        },
        subject: (own, from: number, to: number) => own.fd_renumber(from, to),
        oracle: (theirs, from: number, to: number) => theirs.fd_renumber(from, to),
      },
    },
  });
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
});

describe('browser_wasi_shim by itself', () => {
  const alone = (): Shim => shim(() => {});

  test('never gives a number again, and its array grows', () => {
    const { wasi, calls } = alone();
    for (let i = 0; i < 1_000; i++) calls.fd_close(open(calls, DIR, 'a'));
    expect(open(calls, DIR, 'a')).toBe(DIR + 1 + 1_000);
    expect(wasi.fds).toHaveLength(DIR + 2 + 1_000);
  });

  test('loses a file that is renumbered to its own number', () => {
    const { calls } = alone();
    const fd = open(calls, DIR, 'a');
    expect([calls.fd_renumber(fd, fd), calls.fd_close(fd)]).toEqual([0, BADF]);
  });
});

test('with the table, numbers come again and the array ends with the highest', () => {
  const { wasi, calls } = shim();
  for (let i = 0; i < 1_000; i++) calls.fd_close(open(calls, DIR, 'a'));
  expect([open(calls, DIR, 'a'), open(calls, DIR, 'a'), open(calls, DIR, 'a')]).toEqual([4, 5, 6]);
  calls.fd_close(5);
  calls.fd_close(6);
  expect(wasi.fds).toHaveLength(5);
  expect(calls.fd_renumber(4, 4)).toBe(0);
  // Standard input closed, then opened, as shells do.
  calls.fd_close(0);
  expect(open(calls, DIR, 'a')).toBe(0);
});

test('beyond the limit no file is opened, and none is made', () => {
  const { wasi, calls } = shim((wasi) => useLowestFds(wasi, 5));
  expect([open(calls, DIR, 'a'), open(calls, DIR, 'new')]).toEqual([4, -MFILE]);
  calls.fd_close(4);
  expect(open(calls, DIR, 'new', 0)).toBe(-44);
  expect(wasi.fds).toHaveLength(4);
});

test('a number is free even if its file fails to close', () => {
  class Stubborn extends Fd {
    override fd_close(): number {
      return 29;
    }
  }
  const { wasi, calls } = shim((wasi) => {
    wasi.fds.push(new Stubborn());
    useLowestFds(wasi);
  });
  expect([calls.fd_close(4), open(calls, DIR, 'a'), wasi.fds.length]).toEqual([29, 4, 5]);
});

describe('the table', () => {
  test('takes what is open already', () => {
    const table = new FdTable<string>(8, ['in', undefined, 'err']);
    expect([table.size, table.open('out'), table.open('x'), table.get(1), table.get(-1), table.get(1.5)]).toEqual([
      2,
      1,
      3,
      'out',
      undefined,
      undefined,
    ]);
  });

  test('is full at its limit, and refuses a limit that is none', () => {
    const table = new FdTable<string>(2);
    expect([table.open('a'), table.open('b'), table.isFull, table.open('c')]).toEqual([0, 1, true, -1]);
    for (const limit of [0, -1, 1.5, Number.NaN, 2 ** 33]) expect(() => new FdTable(limit)).toThrow(RangeError);
    expect(() => new FdTable(1, ['a', 'b'])).toThrow(RangeError);
  });

  test('has no number that is not open, and gives none back twice', () => {
    const table = new FdTable<string>();
    expect(table.open('a')).toBe(0);
    expect([table.close(0), table.close(0), table.renumber(0, 0), table.size]).toEqual(['a', undefined, false, 0]);
  });
});

test('the README tells the truth', () => runReadme(fileURLToPath(new URL('..', import.meta.url))));

test.each([-1, 0, 0.5, 2 ** 31 + 1, Number.NaN])('a table cannot have a limit of %d', (limit) => {
  expect(() => new FdTable(limit)).toThrow(`new FdTable: limit: got ${limit}, expected an integer 1…2147483648`);
});
