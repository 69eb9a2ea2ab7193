// The build ends where a pattern of build/smaller.ts finds nothing: the page would get larger, or keep what it is to leave out.
import { expect, test } from 'vitest';
import { noUnreached, noUnshown, plainDescriptors, plainParser, readBigInts } from '../build/smaller.ts';

test.each([noUnreached, noUnshown, plainDescriptors, plainParser, readBigInts])(
  '%o: names what it did not find, unless the build has failed already',
  (make) => {
    const plugin = make();
    const end = plugin.buildEnd as (error?: Error) => void;
    expect(() => end()).toThrow(`${plugin.name}: got no`);
    expect(() => end(new Error('something else'))).not.toThrow();
  },
);
