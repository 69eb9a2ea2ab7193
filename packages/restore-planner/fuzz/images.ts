// CRIU's images, kind by kind, each as the only file.
import { type FuzzTarget, type FuzzTargets, image } from '@idspace/testkit/fuzz';
import { type ImageKind, imageName } from '../src/image/image-name.ts';
import { readImage } from '../src/image/read-image.ts';
import { MemoryBytes } from '../test/support/memory-bytes.ts';
import { dumps, filesOf, unlessRefused } from './support.ts';

const KINDS: readonly ImageKind[] = [
  ...(['inventory', 'pstree', 'core', 'posix-timers', 'rlimit', 'files', 'tty-info'] as const),
  ...(['fdinfo', 'ids', 'mm', 'ipcns-var', 'ipcns-shm', 'ipcns-msg', 'ipcns-sem'] as const),
];
const LONGEST_SEED = 8192; // bytes

function imagesOf(kind: ImageKind): Uint8Array[] {
  const found = dumps().flatMap((folder) => Object.entries(filesOf(folder, '.img')));
  return found
    .filter(([name, bytes]) => imageName(name, 'img')?.kind === kind && bytes.length <= LONGEST_SEED)
    .map(([, bytes]) => bytes);
}

function targetOf(kind: ImageKind): FuzzTarget {
  return {
    seeds: () => imagesOf(kind),
    structures: [image],
    run: (input) => unlessRefused(() => readImage(new MemoryBytes(input, { pieceSize: 4096 }) as never, kind)),
  };
}

export const TARGETS: FuzzTargets = Object.fromEntries(KINDS.map((kind) => [`image-${kind}`, targetOf(kind)]));
