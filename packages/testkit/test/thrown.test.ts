// `toThrow` looks at what is thrown, also where it is nothing that has a message.
import { expect, test } from 'vitest';

const throwing = (value: unknown) => (): never => {
  throw value;
};

const passes = async (check: () => unknown): Promise<boolean> => {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
};

test.each([undefined, null, {}, 'other', new Error('other')])('%s is not what was expected', async (thrown) => {
  for (const expected of ['text', /text/, RangeError]) {
    expect(await passes(() => expect(throwing(thrown)).toThrow(expected))).toBe(false);
    expect(await passes(() => expect(throwing(thrown)).toThrowError(expected))).toBe(false);
    expect(await passes(() => expect(Promise.reject(thrown)).rejects.toThrow(expected))).toBe(false);
  }
  expect(await passes(() => expect(throwing(thrown)).toThrow())).toBe(true);
  expect(await passes(() => expect(throwing(thrown)).not.toThrow('text'))).toBe(true);
});

test('what was expected is', async () => {
  expect(throwing(new RangeError('the text'))).toThrow('text');
  expect(throwing(new RangeError('the text'))).toThrow(RangeError);
  await expect(Promise.reject(new Error('the text'))).rejects.toThrow(/text/);
  expect(() => undefined).not.toThrow('text');
});
