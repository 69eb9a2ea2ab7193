import { gzipSync } from 'node:zlib';
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CacheSim } from '../src/index.ts';
import { DinWriter, replay, TraceError, type TraceFormat } from '../src/trace.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes down what it gets. */
class Recorder {
  readonly log: string[] = [];
  fetch = (address: number, size: number) => this.log.push(`fetch ${address} ${size}`);
  read = (address: number, size: number) => this.log.push(`read ${address} ${size}`);
  write = (address: number, size: number) => this.log.push(`write ${address} ${size}`);
}

async function logOf(text: string, format: TraceFormat): Promise<string[]> {
  const sink = new Recorder();
  await replay(bytes(text), format, sink);
  return sink.log;
}

async function failure(input: Uint8Array, format: TraceFormat): Promise<TraceError> {
  return replay(input, format, new Recorder()).then(
    () => expect.unreachable('it was read'),
    (error) => {
      expect(error).toBeInstanceOf(TraceError);
      return error;
    },
  );
}

/** Cuts the bytes at random places; a chunk may be empty. */
async function* cut(whole: Uint8Array, seed: number): AsyncGenerator<Uint8Array> {
  const rng = random(seed);
  for (let at = 0; at < whole.length; ) {
    const end = at + rng.below(9);
    yield whole.subarray(at, end);
    at = end;
  }
}

const LACKEY = `==12== Lackey, an example Valgrind tool
==12==

I  04000000,3
 L 1ffeffe7e0,8
 S 00403004,4
 M 0421c7cc,16
--12-- a debugging line
**12** a client's line
I  00001000,15
==12==
`;
const ACCESSES = [
  'fetch 67108864 3',
  `read ${0x1ffeffe7e0} 8`,
  `write ${0x403004} 4`,
  `read ${0x421c7cc} 16`,
  'fetch 4096 15',
];

describe('lackey', () => {
  test('fetches, loads, stores, modifies; valgrind’s own lines are left out', async () => {
    expect(await logOf(LACKEY, 'lackey')).toEqual(ACCESSES);
    expect(await replay(bytes(LACKEY), 'lackey', new Recorder())).toEqual({ accesses: 5, lines: 11 });
  });

  test('line ends of either kind, and none at the end', async () => {
    expect(await logOf(LACKEY.replaceAll('\n', '\r\n'), 'lackey')).toEqual(ACCESSES);
    expect(await logOf('I  04000000,3\n L 10,8', 'lackey')).toEqual(['fetch 67108864 3', 'read 16 8']);
  });

  test('data is cut to the shortest line, fetches are not', async () => {
    const sim = new CacheSim({ levels: [{ name: 'D1', size: 4096, ways: 1, line: 32 }] });
    await replay(bytes(' L 0,512\n'), 'lackey', sim);
    expect([sim.read(32), sim.read(0)]).toEqual([1, 0]);
    await replay(bytes('I  400,64\n'), 'lackey', sim);
    expect(sim.read(0x420)).toBe(0);
  });

  test.each([
    ['I  04000000,3\nhello\n', 'bad-line', 2, 14],

    [' X 04000000,3\n', 'bad-line', 1, 0],
    [' L xyz,3\n', 'bad-line', 1, 3],
    [' L 40 3\n', 'bad-line', 1, 5],
    [' L 40', 'bad-line', 1, 5],
    [' L 40,', 'bad-line', 1, 6],
    [' L 40,3 \n', 'bad-line', 1, 7],
    [' L 40,0\n', 'bad-size', 1, 6],
    [' L 40,99999999999999999999\n', 'bad-size', 1, 6],
    [' L ffffffffff600000,8\n', 'bad-address', 1, 3],
    [' L 00000000000000040,8\n', 'bad-address', 1, 3],
    [' L 1fffffffffffff,2\n', 'bad-address', 1, 18],
  ])('%j is refused: %s, line %i, byte %i', async (text, code, line, offset) => {
    expect(await failure(bytes(text), 'lackey')).toMatchObject({ code, line, offset });
  });

  test('the message shows place, expectation and line', async () => {
    const { message } = await failure(bytes('I  04000000,3\n L 40 3\n'), 'lackey');
    expect(message).toBe("trace line 2, byte 19: expected ',' at column 6, got ' L 40 3'");
  });

  test('the highest address', async () => {
    expect(await logOf(' L 1fffffffffffff,1\n', 'lackey')).toEqual([`read ${2 ** 53 - 1} 1`]);
  });
});

describe('din', () => {
  test('labels of both kinds, either case, with and without a size', async () => {
    const text = '0 10\n1 11 8\n2 12\nr 13 1\nW 0x1F\n\n  i\tff  2 \nR 0 16\r\n';
    const expected = ['read 16 4', 'write 17 8', 'fetch 18 4', 'read 19 1', 'write 31 4', 'fetch 255 2', 'read 0 16'];
    expect(await logOf(text, 'din')).toEqual(expected);
  });

  test.each([
    ['3 10\n', 'bad-line', 0],
    ['r10\n', 'bad-line', 1],
    ['r\n', 'bad-line', 1],
    ['r 1g\n', 'bad-line', 3],
    ['r 10 x\n', 'bad-line', 5],
    ['r 10 4 x\n', 'bad-line', 7],
    ['r 10 0\n', 'bad-size', 5],
  ])('%j is refused: %s at byte %i', async (text, code, offset) => {
    expect(await failure(bytes(text), 'din')).toMatchObject({ code, line: 1, offset });
  });
});

describe('chunks and gzip', () => {
  test('cut anywhere, compressed or not, the accesses are the same', async () => {
    for (let seed = 1; seed <= budget(200); seed++) {
      for (const whole of [bytes(LACKEY), gzipSync(LACKEY)]) {
        const sink = new Recorder();
        await replay(cut(whole, seed), 'lackey', sink);
        expect(sink.log, `seed ${seed}`).toEqual(ACCESSES);
      }
    }
  });

  test('line and byte of an error do not depend on the cuts', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const error = await replay(cut(bytes(`${LACKEY}oops\n`), seed), 'lackey', new Recorder()).catch(
        (caught) => caught,
      );
      expect(error, `seed ${seed}`).toMatchObject({ code: 'bad-line', line: 12, offset: LACKEY.length });
    }
  });

  test('several gzip members are one trace', async () => {
    const sink = new Recorder();
    await replay(Buffer.concat([gzipSync(LACKEY), gzipSync(LACKEY)]), 'lackey', sink);
    expect(sink.log).toEqual([...ACCESSES, ...ACCESSES]);
  });

  test('nothing at all is an empty trace', async () => {
    expect(await replay(new Uint8Array(0), 'din', new Recorder())).toEqual({ accesses: 0, lines: 0 });
  });

  test('gzip data that ends too early, at every length', async () => {
    const whole = gzipSync(LACKEY);
    for (let length = 2; length < whole.length; length++) {
      expect((await failure(whole.subarray(0, length), 'lackey')).code, `${length} bytes`).toBe('truncated-gzip');
    }
  });

  test('damaged gzip data', async () => {
    const whole = gzipSync(LACKEY.repeat(100));
    whole[whole.length - 8]! ^= 1; // the checksum
    expect(await failure(whole, 'lackey')).toMatchObject({ code: 'bad-gzip' });
  });

  test('a line that does not end', async () => {
    expect(await failure(new Uint8Array(70_000).fill(0x20), 'din')).toMatchObject({ code: 'long-line', line: 1 });
  });

  test('an error of the source comes through as it is', async () => {
    const broken = (async function* () {
      yield bytes('r 10\n');
      throw new Error('disk on fire');
    })();
    await expect(replay(broken, 'din', new Recorder())).rejects.toThrow('disk on fire');
  });

  test('an unknown format', async () => {
    const format = 'toString' as TraceFormat;
    await expect(replay(bytes(''), format, new Recorder())).rejects.toThrow(/'toString', expected lackey or din/);
  });
});

describe('writing din', () => {
  const STEPS = budget(20_000, 8000);

  test('what is written is read as it was', async () => {
    const rng = random(5);
    const chunks: string[] = [];
    const writer = new DinWriter((text) => chunks.push(text));
    const recorder = new Recorder();
    for (let step = 0; step < STEPS; step++) {
      const kind = rng.pick(['fetch', 'read', 'write'] as const);
      const [address, size] = [rng.below(2 ** 21) * 2 ** 32 + rng.u32(), rng.between(1, 64)];
      writer[kind](address, size);
      recorder[kind](address, size);
    }
    writer.end();
    writer.end();
    expect(writer.accesses).toBe(STEPS);
    expect(chunks.length).toBeGreaterThan(1);
    expect(await logOf(chunks.join(''), 'din')).toEqual(recorder.log);
  });
});

describe('the quick way', () => {
  test('reads lines of every form as the slow one does, in traces longer than a batch', async () => {
    for (let seed = 1; seed <= budget(20); seed++) {
      const rng = random(seed);
      const expected: string[] = [];
      let text = '';
      for (let line = 0; line < 10_000; line++) {
        if (rng.chance(0.02)) text += rng.pick(['==1== message\n', '\n', '--2-- debugging\r\n']);
        const letter = rng.pick(['I', 'L', 'S', 'M']);
        const address = rng.chance(0.2) ? rng.below(2 ** 21) * 2 ** 32 + rng.u32() : rng.below(2 ** rng.between(1, 32));
        const size = rng.chance(0.1) ? rng.between(1, 600) : rng.between(1, 9);
        const digits = address.toString(16).padStart(rng.pick([1, 8, 8, 8, 10, 16]), '0');
        const shown = rng.chance(0.1) ? digits.toUpperCase() : digits;
        text += `${letter === 'I' ? 'I ' : ` ${letter}`} ${shown},${size}${rng.chance(0.05) ? '\r' : ''}\n`;
        expected.push(`${letter === 'I' ? 'fetch' : letter === 'S' ? 'write' : 'read'} ${address} ${size}`);
      }
      const sink = new Recorder();
      const { accesses } = await replay(bytes(text), 'lackey', sink);
      expect(sink.log, `seed ${seed}`).toEqual(expected);
      expect(accesses).toBe(10_000);
    }
  });

  test('an error far into a trace has its line and byte, and everything before it was taken', async () => {
    const before = 'I  04000000,3\n L 1ffeffe7e0,8\n'.repeat(5000);
    const sink = new Recorder();
    const error = await replay(bytes(`${before}oops\n${before}`), 'lackey', sink).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'bad-line', line: 10_001, offset: before.length });
    expect(sink.log.length).toBe(10_000);
  });
});
