// Images of IDs that are cut short: a verdict or one CheckpointError, never anything else. Other damage is for fuzz.test.ts.
import { CheckpointError, planRestore, type Target } from '@idspace/restore-planner';
import { BUDGET_SHARE } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { imageStem } from '../../src/image/image-name.ts';
import { readImages } from '../../src/image/read-images.ts';
import * as ids from '../support/id-images.ts';
import { type Images, memorySource } from '../support/images.ts';
import { recordedImages } from './recorded.ts';

const STRIDE = BUDGET_SHARE < 1 ? 7 : 1;
const ID_IMAGE = /^(?:files|tty-info|fdinfo|ids|mm|ipcns)/;
const CASES = ['mixed', 'inotify-two-fds'];
const TARGET: Target = { taken: [], pidMax: 4_194_304, ptysTaken: [], possibleCpus: 2, aioNr: 0, aioMaxNr: 65_536 };

/** @returns What came of it: a plan's outcome, or 'refused'. */
async function tried(images: Images): Promise<string> {
  try {
    const checkpoint = await readImages(memorySource(images));
    planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    return planRestore(checkpoint, { kernel: '6.1', criu: '3.8', target: TARGET }).outcome;
  } catch (error) {
    if (error instanceof CheckpointError) return 'refused';
    throw error;
  }
}

/** Which images are asked for: descriptors, say, only where there are terminals. */
async function imagesReadOf(images: Images): Promise<Set<string>> {
  const asked = new Set<string>();
  const store = memorySource(images);
  const get: typeof store.get = (name) => {
    asked.add(`${imageStem(name)}.img`);
    return store.get(name);
  };
  await readImages({ ...store, get });
  return asked;
}

/** Where an image may end without being damaged: behind each entry and its contents. */
function ends(bytes: Uint8Array): Set<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Set([8]);
  for (let at = 8; at + 4 <= bytes.length; ) found.add((at += 4 + view.getUint32(at, true)));
  return found;
}

describe.each(CASES)('%s', (name) => {
  const images = recordedImages(name);
  const damaged = Object.keys(images).filter((file) => ID_IMAGE.test(file));

  test(`cut at every ${STRIDE === 1 ? '' : `${STRIDE}. `}byte`, async () => {
    const needed = await imagesReadOf(images);
    for (const file of damaged) {
      const whole = images[file]!;
      const allowed = ends(whole);
      const isFramed = needed.has(file) && !file.startsWith('ipcns'); // those have contents between entries
      for (let length = 0; length < whole.length; length += STRIDE) {
        const result = await tried({ ...images, [file]: whole.subarray(0, length) });
        if (isFramed && !allowed.has(length)) expect(result, `${file} cut to ${length}`).toBe('refused');
      }
    }
  });
});

test('contents between entries are passed over, and must be there', async () => {
  const queue = [ids.msg(5, 1), Buffer.concat([Uint8Array.of(4, 0, 0, 0, 8, 7, 16, 6), Buffer.alloc(8)])] as const;
  const images = ids.wholeCheckpoint([{ pid: 7 }], {
    'ipcns-msg-9.img': ids.withContents('msg', [...queue], [ids.msg(6, 0), new Uint8Array(0)]),
    'ipcns-sem-9.img': ids.withContents('sem', [ids.sem(7, 3), Buffer.alloc(8)], [ids.sem(8, 4), Buffer.alloc(8)]),
    'ipcns-shm-9.img': ids.withContents(
      'shm',
      [ids.shm(9, 0, 6n, false), Buffer.alloc(8)],
      [ids.shm(10, 1), new Uint8Array(0)],
    ),
  });
  const { ids: found } = await readImages(memorySource(images));
  const idsOf = (objects: readonly { id: number }[]): number[] => objects.map(({ id }) => id);
  const sysv = found![0]!.sysv;
  if (sysv === null || 'missing' in sysv) throw new Error('no SysV objects');
  expect([idsOf(sysv.objects.msg), idsOf(sysv.objects.sem), idsOf(sysv.objects.shm)]).toEqual([
    [5, 6],
    [7, 8],
    [9, 10],
  ]);
  for (const kind of ['msg', 'sem', 'shm'] as const) {
    const file = `ipcns-${kind}-9.img`;
    const bytes = images[file]!;
    const whole = kind === 'shm' || kind === 'msg' ? bytes.length : bytes.length - 8;
    expect(await tried({ ...images, [file]: bytes.subarray(0, whole - 1) })).toBe('refused');
  }
});
