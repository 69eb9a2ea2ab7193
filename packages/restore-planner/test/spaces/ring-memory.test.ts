// Head and tail of an AIO ring from the memory pages of a folder.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCheckpoint } from '@idspace/restore-planner';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PagemapEntrySchema, PagemapHeadSchema } from '../support/gen/pagemap_pb.ts';
import { encoded } from '../support/id-images.ts';
import { COMMON, image } from '../support/images.ts';
import { recordedImages } from './recorded.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-pages-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PAGE = 4096;
const ADDRESS = 139_938_376_740_864n; // of the ring of the recorded case, whose header was written down beside it
const HEADER = Buffer.from('000000007f0000003200000032000000a1100aa1010000000000000020000000', 'hex');

type Run = { vaddr: bigint; nrPages: bigint; flags?: number; inParent?: boolean; compatNrPages?: number };

function write(runs: Run[], offset: number, header: Uint8Array = HEADER): void {
  const entries = runs.map((run) => encoded(PagemapEntrySchema, { compatNrPages: 0, flags: 4, ...run }));
  writeFileSync(
    join(folder, 'pagemap-6.img'),
    image([COMMON, 0x56084025], encoded(PagemapHeadSchema, { pagesId: 1 }), ...entries),
  );
  writeFileSync(join(folder, 'pages-1.img'), Buffer.concat([Buffer.alloc(offset), header]));
  truncateSync(join(folder, 'pages-1.img'), offset + PAGE);
}

const ring = async (): Promise<object> => {
  const { aio } = (await readCheckpoint(folder)).ids![0]!;
  return (aio as object[])[0]!;
};

beforeEach(() => {
  for (const [name, bytes] of Object.entries(recordedImages('aio-min'))) writeFileSync(join(folder, name), bytes);
});

const FOUND = { head: 50, tail: 50 };
const UNKNOWN = { head: null, tail: null };

test('is where the runs before it put it', async () => {
  write(
    [
      { vaddr: 0x1000n, nrPages: 17n },
      { vaddr: 0x100000n, nrPages: 5n, flags: 1 },
      { vaddr: ADDRESS - 0x1000n, nrPages: 2n },
    ],
    18 * PAGE,
  );
  expect(await ring()).toMatchObject(FOUND);
});

test.each<[string, Run[], number]>([
  ['a run that older CRIU counts elsewhere', [{ vaddr: ADDRESS, nrPages: 1n, compatNrPages: 1 }], 0],
])('%s', async (_, runs, offset) => {
  write(runs, offset);
  expect(await ring()).toMatchObject(FOUND);
});

test.each<[string, Run[], number, Uint8Array?]>([
  ['in the images of a pre-dump', [{ vaddr: ADDRESS, nrPages: 1n, flags: 1 }], 0],
  ['still to be fetched', [{ vaddr: ADDRESS, nrPages: 1n, flags: 6 }], 0],
  ['not in any run', [{ vaddr: ADDRESS + 0x1000n, nrPages: 1n }], 0],
  [
    'past the end of the pages',
    [
      { vaddr: 0n, nrPages: 2n ** 40n },
      { vaddr: ADDRESS, nrPages: 1n },
    ],
    0,
  ],
  ['no ring', [{ vaddr: ADDRESS, nrPages: 1n }], 0, Buffer.alloc(32, 7)],
])('is not known if it is %s', async (_, runs, offset, header) => {
  write(runs, offset, header);
  expect(await ring()).toMatchObject(UNKNOWN);
});

test('a damaged pagemap is memory, and not judged', async () => {
  write([{ vaddr: ADDRESS, nrPages: 1n }], 0);
  writeFileSync(join(folder, 'pagemap-6.img'), Buffer.alloc(100, 0xff));
  expect(await ring()).toMatchObject(UNKNOWN);
});
