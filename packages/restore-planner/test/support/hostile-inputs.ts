// Inputs made to harm: each is written to a folder, small on disk whatever it claims.
import { mkdirSync, openSync, readFileSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { gzip, memberBytes, podmanTar, tarOf, zstdStored } from './archives.ts';
import * as ids from './id-images.ts';
import * as make from './images.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** An input; `isFine` if it is odd and can be read all the same. */
export interface HostileInput {
  name: string;
  isFine?: boolean;
  /** Takes more than a blink to make. */
  isLarge?: boolean;
  /** Expands to more than can be told from memory full of zeros in a second. */
  isBomb?: boolean;
  /** Holds as much as is kept at most: 262,144 timers. */
  isFull?: boolean;
  /** @param path Where to write it. */
  write: (path: string) => void;
}

const good = (): make.Images => make.oneProcess([{ itId: 5 }]);
const tail = (bytes: Buffer): Buffer => bytes.subarray(0, -1024); // without the end mark
const file = (name: string, bytes: () => Uint8Array): HostileInput => ({
  name,
  write: (path) => writeFileSync(path, bytes()),
});

/** A file that is much longer than what is written. */
const sparse = (name: string, head: () => Uint8Array, size: number): HostileInput => ({
  name,
  write: (path) => {
    writeFileSync(path, head());
    truncateSync(path, size);
  },
});

/** gzip of a head and then of zeros: members in a row are one stream. */
function gzipBomb(head: Uint8Array, zeros: number): Buffer {
  const piece = gzipSync(Buffer.alloc(64 * MIB));
  return Buffer.concat([gzipSync(head), ...Array.from({ length: zeros / (64 * MIB) }, () => piece)]);
}

/** zstd of a head and then of one byte, or several in turn, 128 KiB in 4 bytes. */
export function zstdBomb(head: Uint8Array, length: number, inTurn: readonly number[] = [0]): Buffer {
  const block = (size: number, type: number): Uint8Array => {
    const word = (size << 3) | (type << 1);
    return Uint8Array.of(word, word >> 8, word >> 16);
  };
  const blocks = inTurn.map((byte) => Buffer.concat([block(128 * 1024, 1), Uint8Array.of(byte)]));
  const runs = Array.from({ length: length / (128 * 1024) }, (_, index) => blocks[index % blocks.length]!);
  return Buffer.concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3), block(head.length, 0), head, ...runs]);
}

const pages = (size: number): Buffer => memberBytes({ name: 'checkpoint/pages-1.img', size });
const coreOf = (size: number): Buffer => memberBytes({ name: 'checkpoint/core-7.img', size });

/** A member whose size field holds these 12 bytes. */
function withSizeField(field: Uint8Array): Buffer {
  const bytes = memberBytes({ name: 'checkpoint/core-7.img' });
  bytes.set(field, 124);
  bytes.fill(' ', 148, 156);
  bytes.write(
    `${bytes
      .subarray(0, 512)
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return bytes;
}

function coreWith(payload: Uint8Array): make.Images {
  return { ...good(), 'core-7.img': make.image([make.COMMON, make.CORE], payload) };
}

/** A protobuf field of bytes. */
function field(tag: number, inner: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = inner.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Uint8Array.of(tag, ...length), inner]);
}

/** Messages in messages, as deep as the bytes allow. */
function nested(tag: number, size: number): Uint8Array {
  let inner: Buffer = Buffer.alloc(0);
  while (inner.length < size) inner = field(tag, inner);
  return inner;
}

const fixture = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '..', 'fixtures', name));

const writeFolder = (path: string, images: Record<string, Uint8Array>): void => {
  mkdirSync(path);
  for (const [name, bytes] of Object.entries(images)) writeFileSync(join(path, name), bytes);
};

const folder = (name: string, images: () => Record<string, Uint8Array>): HostileInput => ({
  name,
  write: (path) => writeFolder(path, images()),
});

const text = (value: string): Uint8Array => Buffer.from(value);
const core = (posix: string): string => `{"magic":"CORE","entries":[{"tc":{"timers":{"posix":[${posix}]}}}]}`;
const listing = (id: number): string => `ID: ${id}\nsignal: 0/0\nnotify: none/pid.1\nClockID: 1\n`;

const MILLION = 1_000_000;

/** Of IDs other than timers; what can be read and planned is odd and fine. */
const ID_INPUTS: readonly HostileInput[] = [
  folder('an inotify file of a million watches', () =>
    ids.wholeCheckpoint([{ pid: 7 }], {
      'files.img': ids.idImage(
        'files',
        ids.inotifyFile(
          5,
          Array.from({ length: MILLION }, (_, at) => at + 1),
        ),
      ),
    }),
  ),
  folder('a million inotify files', () =>
    ids.wholeCheckpoint([{ pid: 7 }], {
      'files.img': ids.manyEntries('files', MILLION, (at) => ids.inotifyFile(at + 1, [5])),
    }),
  ),
  {
    ...folder('a million regular files', () =>
      ids.wholeCheckpoint([{ pid: 7 }], {
        'files.img': ids.manyEntries('files', MILLION, (at) => ids.regFile(at + 1, '/x')),
      }),
    ),
    isFine: true,
  },
  folder('a million segments', () =>
    ids.wholeCheckpoint([{ pid: 7 }], { 'ipcns-shm-9.img': ids.manyEntries('shm', MILLION, (at) => ids.shm(at, 0)) }),
  ),
  folder('a million terminals', () =>
    ids.wholeCheckpoint([{ pid: 7 }], {
      'files.img': ids.manyEntries('files', MILLION, (at) => ids.ttyFile(at + 1, 2 * at + 1, 0)),
    }),
  ),
  folder('a message queue that claims 2³² messages', () =>
    ids.wholeCheckpoint([{ pid: 7 }], {
      'ipcns-msg-9.img': ids.withContents('msg', [
        ids.msg(5, 2 ** 32 - 1),
        Buffer.alloc(6 * MILLION, Uint8Array.of(2, 0, 0, 0, 16, 0)), // each a message of no bytes
      ]),
    }),
  ),
  folder('a segment of 2⁶³ bytes', () =>
    ids.wholeCheckpoint([{ pid: 7 }], { 'ipcns-shm-9.img': ids.idImage('shm', ids.shm(5, 0, 2n ** 63n, false)) }),
  ),
  folder('a semaphore set of 2³² semaphores', () =>
    ids.wholeCheckpoint([{ pid: 7 }], { 'ipcns-sem-9.img': ids.idImage('sem', ids.sem(5, 2 ** 32 - 1)) }),
  ),
  folder('a process of a million AIO rings', () =>
    ids.wholeCheckpoint([{ pid: 7 }], {
      'mm-7.img': ids.idImage('mm', Buffer.alloc(9 * MILLION, Uint8Array.of(0x82, 1, 6, 8, 1, 16, 62, 24, 0))),
    }),
  ),
  {
    ...folder('parents in a circle', () => ids.wholeCheckpoint([{ pid: 7 }, { pid: 8, ppid: 9 }, { pid: 9, ppid: 8 }])),
    isFine: true,
  },
  {
    ...folder('IDs of 2³²−1 everywhere', () =>
      ids.wholeCheckpoint([{ pid: 7, pgid: 2 ** 32 - 1, sid: 2 ** 32 - 1 }], {
        'files.img': ids.idImage('files', ids.inotifyFile(2 ** 32 - 1, [2 ** 32 - 1]), ids.ttyFile(2 ** 32 - 1, 1, 0)),
        'fdinfo-2.img': ids.idImage('fdinfo', ids.descriptor(2 ** 32 - 1, 2 ** 32 - 1)),
        'tty-info.img': ids.idImage('tty', ids.ttyInfo(1, 2 ** 32 - 1)),
        'ipcns-shm-9.img': ids.idImage('shm', ids.shm(2 ** 32 - 1, 2 ** 32 - 1)),
        'mm-7.img': ids.rings({ nrReq: 2 ** 32 - 1, ringLen: 2 ** 32 - 1 }),
      }),
    ),
    isFine: true,
  },
];

const INPUTS: readonly HostileInput[] = [
  file('a member named ..', () => podmanTar(good(), 'checkpoint/../../')),
  file('a loop of links around a needed image', () => {
    const { 'core-7.img': _, ...rest } = good();
    const link = (name: string, to: string) => ({
      name: `checkpoint/${name}`,
      type: 'SymbolicLink' as const,
      link: to,
    });
    return podmanTar(rest, 'checkpoint/', [link('core-7.img', 'x'), link('x', 'core-7.img')]);
  }),
  {
    name: 'a folder with a loop of links',
    write: (path) => {
      const { 'core-7.img': _, ...rest } = good();
      writeFolder(path, rest);
      symlinkSync('x', join(path, 'core-7.img'));
      symlinkSync('core-7.img', join(path, 'x'));
    },
  },
  {
    ...sparse('pages of 10 GiB, sparse', () => Buffer.concat([tail(podmanTar(good())), pages(10 * GIB)]), 11 * GIB),
    isFine: true,
  },
  sparse('a core image of 10 GiB, sparse', () => Buffer.concat([tail(podmanTar(good())), coreOf(10 * GIB)]), 11 * GIB),
  sparse('10 GiB cut short', () => Buffer.concat([tail(podmanTar(good())), pages(10 * GIB)]), 5 * GIB),
  sparse('a tar of nothing but zeros', () => new Uint8Array(0), 10 * GIB),
  {
    name: 'a folder with a core image of 1 TiB, sparse after its entry',
    isFine: true,
    write: (path) => {
      writeFolder(path, good());
      truncateSync(join(path, 'core-7.img'), 2 ** 40);
    },
  },
  {
    name: 'a folder with a tree of 1 TiB, sparse',
    write: (path) => {
      writeFolder(path, good());
      truncateSync(join(path, 'pstree.img'), 2 ** 40);
    },
  },
  file('a length past the end', () => tarOf({ name: 'checkpoint/core-7.img', size: 2 ** 33, data: text('x') })),
  file('a length in 96 bits', () => withSizeField(Uint8Array.of(0x80, ...Array(11).fill(0xff)))),
  file('a negative length', () => withSizeField(new Uint8Array(12).fill(0xff))),
  file('a length that is not a number', () => withSizeField(text('99999999999\0'))),
  file('a long name of 1 GiB', () => memberBytes({ name: 'n', type: 'NextFileHasLongPath', size: GIB })),
  file('a pax header of 1 GiB', () => memberBytes({ name: 'n', type: 'ExtendedHeader', size: GIB })),
  file('a pax header that lies about the next length', () =>
    Buffer.concat([
      memberBytes({ name: 'p', type: 'ExtendedHeader', data: text('25 size=9007199254740991\n') }),
      memberBytes({ name: 'checkpoint/pages-1.img' }),
      podmanTar(good()),
    ]),
  ),
  folder('an entry that claims 4 GiB', () => ({
    ...good(),
    'core-7.img': Buffer.concat([make.words(make.COMMON, make.CORE, 2 ** 32 - 1), Buffer.alloc(9)]),
  })),
  folder('an entry of 15 MiB of unknown fields', () => coreWith(Buffer.alloc(15 * MIB, Uint8Array.of(0x78, 1)))),
  folder('an entry of 15 MiB of empty timers', () =>
    coreWith(field(0x1a, field(0x3a, Buffer.alloc(15 * MIB, Uint8Array.of(0x22, 0))))),
  ),
  { ...folder('messages in messages, 40 kB', () => coreWith(nested(0x1a, 40_000))), isFine: true },
  folder('groups a million deep', () => coreWith(Buffer.alloc(1_000_000, 0x0b))),
  folder('a process of a million threads', () => ({
    ...good(),
    'pstree.img': make.image(
      [make.COMMON, make.PSTREE],
      Buffer.concat([Uint8Array.of(8, 7, 16, 0), Buffer.alloc(2_000_000, Uint8Array.of(0x28, 9))]),
    ),
  })),
  folder('a million processes', () => ({
    ...good(),
    'pstree.img': Buffer.concat([
      make.words(make.COMMON, make.PSTREE),
      ...Array.from({ length: 1_000_000 }, (_, pid) =>
        Uint8Array.of(6, 0, 0, 0, 8, ((pid + 1) & 127) | 128, (((pid + 1) >> 7) & 127) | 128, (pid + 1) >> 14, 16, 0),
      ),
    ]),
  })),
  {
    ...file('a gzip bomb of 10 GiB', () =>
      gzipBomb(Buffer.concat([tail(podmanTar(good())), pages(10 * GIB)]), 10 * GIB),
    ),
    isBomb: true,
  },
  { ...file('a gzip bomb in a core image', () => gzipBomb(coreOf(10 * GIB), 10 * GIB)), isBomb: true },
  file('a gzip bomb that is not an archive', () => gzipBomb(text('hello'), 10 * GIB)),
  file('a zstd bomb of 10 GiB', () => zstdBomb(Buffer.concat([tail(podmanTar(good())), pages(10 * GIB)]), 10 * GIB)),
  {
    ...file('a zstd bomb of 10 GiB, no two blocks alike', () =>
      zstdBomb(Buffer.concat([tail(podmanTar(good())), pages(10 * GIB)]), 10 * GIB, [0, 1]),
    ),
    isBomb: true,
  },
  file('zstd that never ends inside a block', () => fixture('zstd-endless-19-bytes.zst')),
  file('zstd whose blocks are larger than blocks may be', () => fixture('zstd-slow-733-bytes.zst')),
  file('zstd of a million empty frames', () => Buffer.alloc(9_000_000, zstdStored(new Uint8Array(0)))),
  file('zstd of a million skippable frames', () =>
    Buffer.concat([zstdStored(text('x')), Buffer.alloc(8_000_000, Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0))]),
  ),
  file('zstd of a million empty blocks', () =>
    Buffer.concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3), Buffer.alloc(3_000_000)]),
  ),
  file('gzip of a million empty members', () => Buffer.alloc(20_000_000, gzip(new Uint8Array(0)))),
  {
    ...file('zstd of 128 MiB that cannot be compressed', () =>
      zstdStored(Buffer.concat([tail(podmanTar(good())), pages(128 * MIB), Buffer.alloc(128 * MIB + 1024)])),
    ),
    isFine: true,
  },
  file('a zstd window of 2 GiB', () => Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 1, 0, 0)),
  file('a zstd frame that claims 1 TiB', () =>
    Buffer.concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0), Uint8Array.of(1, 0, 0)]),
  ),
  file('a gzip of a million members without contents', () =>
    gzip(Buffer.alloc(512 * 1_000_000, memberBytes({ name: 'x' }))),
  ),
  file('30,000 names of 4,096 characters', () =>
    gzip(
      Buffer.alloc(
        30_000 * 6144,
        Buffer.concat([
          memberBytes({ name: 'l', type: 'NextFileHasLongPath', data: Buffer.alloc(4096, 'n') }),
          memberBytes({ name: 'checkpoint/core-7.img' }),
        ]),
      ),
    ),
  ),
  file('a chain of 30,000 long names', () =>
    gzip(
      Buffer.alloc(
        30_000 * 1024,
        memberBytes({ name: 'l', type: 'NextFileHasLongPath', data: Buffer.alloc(512, 'n') }),
      ),
    ),
  ),
  {
    ...file('a pax header of 174,762 records', () =>
      Buffer.concat([
        memberBytes({ name: 'p', type: 'ExtendedHeader', data: Buffer.alloc(1_048_572, '6 a=b\n') }),
        podmanTar(good()),
      ]),
    ),
    isFine: true,
  },
  {
    ...file('eight core images of 131,072 timers each', () => {
      const { 'core-7.img': full } = make.oneProcess(Array.from({ length: 2 ** 17 }, (_, itId) => ({ itId })));
      const many = Array.from({ length: 8 }, (_, index) => [`core-${index + 1}.img`, full!]);
      return podmanTar({ ...good(), ...Object.fromEntries(many) });
    }),
    isFull: true,
  },
  folder('an index of 20,000 manifests', () => ({
    'oci-layout': text('{}'),
    'index.json': text(`{"manifests":[${Array(20_000).fill('{"digest":"sha256:0"}').join()}]}`),
    blobs: text(''),
  })),
  file('2,000 documents of 64 KiB', () =>
    gzip(
      Buffer.alloc(
        2000 * 66_048,
        memberBytes({ name: `blobs/sha256/${'0'.repeat(64)}`, data: Buffer.alloc(65_536, '{') }),
      ),
    ),
  ),
  file('JSON a million deep', () => text(`{"magic":"CORE","x":${'['.repeat(1_000_000)}`)),
  file('JSON with a string of 60 MiB', () => text(`{"magic":"CORE","x":"${'x'.repeat(60 * MIB)}"}`)),
  file('JSON with a number of 60 MiB', () => text(`{"magic":"CORE","x":${'1'.repeat(60 * MIB)}}`)),
  file('JSON with a key of 60 MiB', () => text(`{"magic":"CORE","${'x'.repeat(60 * MIB)}":1}`)),
  file('JSON of 200 MiB', () => text(`{"magic":"CORE","x":[${'1,'.repeat(100 * MIB)}`)),
  file('gzip of JSON of 1 GiB', () =>
    Buffer.concat([gzip(text('{"magic":"CORE","x":[1')), ...Array(64).fill(gzip(text(',1'.repeat(8 * MIB))))]),
  ),
  file('JSON of a million equal timers', () => text(core('{"it_id":1},'.repeat(1_000_000)))),
  file('a listing in one line of 200 MiB', () => text(`ID: 1${'1'.repeat(200 * MIB)}`)),
  file('a listing of a million timers', () => text(Array.from({ length: 1_000_000 }, (_, id) => listing(id)).join(''))),
  file('a listing of a million equal timers', () => text(listing(5).repeat(1_000_000))),
  ...ID_INPUTS,
  { name: 'a file of 1 TiB, sparse', write: (path) => truncateSync(path + touch(path), 2 ** 40) },
  {
    name: 'config.dump of 1 MiB of brackets',
    isFine: true,
    write: (path) =>
      writeFileSync(path, podmanTar(good(), 'checkpoint/', [{ name: 'config.dump', data: Buffer.alloc(MIB, '[') }])),
  },
];

function touch(path: string): '' {
  writeSync(openSync(path, 'w'), '');
  return '';
}

/** Take more than a blink to make. */
const LARGE: ReadonlySet<string> = new Set([
  'a million inotify files',
  'a million regular files',
  'a million segments',
  'a million terminals',
  'zstd of 128 MiB that cannot be compressed',
  'a million processes',
  'a gzip of a million members without contents',
  'JSON with a string of 60 MiB',
  'JSON with a number of 60 MiB',
  'JSON with a key of 60 MiB',
  'JSON of 200 MiB',
  'gzip of JSON of 1 GiB',
  'a listing in one line of 200 MiB',
  'a listing of a million timers',
  'a gzip bomb of 10 GiB',
  'a gzip bomb in a core image',
  'a zstd bomb of 10 GiB, no two blocks alike',
  'gzip of a million empty members',
  '30,000 names of 4,096 characters',
  'a chain of 30,000 long names',
  'eight core images of 131,072 timers each',
  '2,000 documents of 64 KiB',
]);

export const HOSTILE_INPUTS: readonly HostileInput[] = INPUTS.map((input) => ({
  ...input,
  isLarge: LARGE.has(input.name),
}));
