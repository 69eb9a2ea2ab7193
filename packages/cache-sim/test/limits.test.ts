// What a trace may have at most: at the limit it is read, one past it is refused, with its place.
import { BUDGET_SHARE } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { openTrace, replay, type TraceFormat } from '../src/trace.ts';

const sink = { fetch() {}, read() {}, write() {} };
const read = (text: string, format: TraceFormat): Promise<{ accesses: number }> =>
  replay(new TextEncoder().encode(text), format, sink);

test('threads of a trace', async () => {
  const lines = Array.from({ length: 65_537 }, (_, i) => `1 0: ${i + 1} read 8 byte(s) @ 0x1000 by PC 0x2\n`);
  expect(await read(lines.slice(0, 65_536).join(''), 'drmemtrace')).toMatchObject({ accesses: 65_536 });
  await expect(read(lines.join(''), 'drmemtrace')).rejects.toMatchObject({
    code: 'bad-line',
    line: 65_537,
    message: expect.stringContaining('at most 65536 threads'),
  });
});

test('digits and size of an address', async () => {
  expect(await read('r 001fffffffffffff 1\n', 'din')).toMatchObject({ accesses: 1 });
  for (const address of ['0001fffffffffffff', '20000000000000'])
    await expect(read(`r ${address} 1\n`, 'din')).rejects.toMatchObject({ code: 'bad-address' });
});

test('bytes of an access in a din trace', async () => {
  expect(await read('r 10 4096\n', 'din')).toMatchObject({ accesses: 1 });
  await expect(read('r 10 4097\n', 'din')).rejects.toMatchObject({ code: 'bad-size' });
});

test('bytes of an access in other traces', async () => {
  expect(await read(' L 10,1073741824\n', 'lackey')).toMatchObject({ accesses: 1 });
  await expect(read(' L 10,1073741825\n', 'lackey')).rejects.toMatchObject({ code: 'bad-size' });
});

test('bytes of a line', async () => {
  await expect(read(`r 10 4\n${'x'.repeat(65_537)}`, 'din')).rejects.toMatchObject({ code: 'long-line', line: 2 });
});

test.runIf(BUDGET_SHARE >= 1)('bytes in which a format is looked for', async () => {
  let taken = 0;
  async function* banner(): AsyncGenerator<Uint8Array> {
    const chunk = new TextEncoder().encode('==1== a line of valgrind\n'.repeat(400));
    for (;;) {
      taken += chunk.length;
      yield chunk;
    }
  }
  const trace = await openTrace(banner());
  expect(trace.format).toBe('lackey'); // nothing told another
  expect(taken).toBeGreaterThanOrEqual(2 ** 20);
  expect(taken).toBeLessThan(2 ** 20 + 40_000);
});
