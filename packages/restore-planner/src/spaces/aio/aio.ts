// AIO rings: made by io_setup, whose size follows from the number of possible CPUs; their tail is reached by no-op requests.
// Source: criu/aio.c, criu/pie/restorer.c, v4.2; fs/aio.c; recorded restores.
import { MOST_NAMED, type Reason } from '../reason.ts';
import { type Conditions, type Space, type SpacePlan, worstOf } from '../space.ts';
import { SECONDS_PER_NO_OP, SECONDS_PER_RING } from './about.ts';
import { type AioRing, fittingCpus, newPages, noOpsFor, pagesOf, requestsOf, slotsOf } from './ring.ts';

/** Plans AIO rings. */
export const AIO: Space<readonly AioRing[]> = {
  name: 'aio',
  ids: 'AIO rings',
  reads: ['mm-PID.img', 'pagemap-PID.img', 'pages-N.img'],
  dependsOn: ['possibleCpus', 'aioNr', 'aioMaxNr'],
  plan,
};

function plan(rings: readonly AioRing[], { target }: Conditions): SpacePlan | undefined {
  if (rings.length === 0) return undefined;
  const creates = rings.reduce((sum, ring) => sum + noOpsFor(ring), 0);
  const seconds = rings.length * SECONDS_PER_RING + creates * SECONDS_PER_NO_OP;
  const reasons = [...limitReasons(rings, target), ...sizeReasons(rings, target)];
  const isBound = rings.some(({ head }) => head === null);
  const left = [
    `the rings are charged ${requestsOf(rings)} requests in fs.aio-nr, whatever io_setup was given before the dump`,
  ];
  // biome-ignore format: what belongs together stands in a row
  return {
    space: 'aio', outcome: worstOf(reasons), asks: 0, creates, deletes: 0, seconds, left, reasons,
    ...(isBound && { atMost: true as const }),
  };
}

function limitReasons(rings: readonly AioRing[], { aioNr, aioMaxNr }: Conditions['target']): Reason[] {
  const wanted = requestsOf(rings);
  const remedy = (used: number): string => `set fs.aio-max-nr to ${used + wanted} or more on the target`;
  if (aioMaxNr !== undefined && wanted + (aioNr ?? 0) > aioMaxNr) {
    const used = aioNr === undefined ? '' : `, of which ${aioNr} are in use`;
    const text = `the AIO rings need ${wanted} requests, and fs.aio-max-nr allows the machine ${aioMaxNr}${used}`;
    return [
      {
        space: 'aio',
        code: 'aio-limit',
        outcome: 'fails',
        ids: [],
        text,
        words: 'Ring setup failed with -11',
        remedy: remedy(aioNr ?? 0),
      },
    ];
  }
  if (aioMaxNr !== undefined && aioNr !== undefined) return [];
  const text = `the AIO rings need ${wanted} requests, and how many the target has left is not known`;
  const read = 'read /proc/sys/fs/aio-nr and aio-max-nr on the target';
  return [{ space: 'aio', code: 'aio-unknown', outcome: 'depends', ids: [], text, words: null, remedy: read }];
}

const MOST_CPUS = 8192; // NR_CPUS of x86-64 kernels

function sizeReasons(rings: readonly AioRing[], { possibleCpus }: Conditions['target']): Reason[] {
  const found: Reason[] = [];
  let least = 1;
  let most = MOST_CPUS;
  for (const ring of rings) {
    if (found.length >= MOST_NAMED) return found;
    const slots = slotsOf(pagesOf(ring));
    const cpus = fittingCpus(ring);
    if (ring.head !== null && Math.max(ring.head, ring.tail!) >= slots) found.push(damaged(ring, possibleCpus));
    else if (cpus === null) found.push(fitsNowhere(ring, possibleCpus));
    else if (possibleCpus !== undefined && (possibleCpus < cpus.least || possibleCpus > cpus.most)) {
      found.push(wrongSize(ring, possibleCpus, cpus));
    } else {
      least = Math.max(least, cpus.least);
      most = Math.min(most, cpus.most);
    }
  }
  if (possibleCpus !== undefined || found.length > 0 || most >= MOST_CPUS) return found;
  const text = `the smallest AIO ring fits machines with ${least}…${most} possible CPUs, and how many the target has is not known`;
  const remedy = 'read /sys/devices/system/cpu/possible on the target';
  return [{ space: 'aio', code: 'cpus-unknown', outcome: 'depends', ids: [], text, words: null, remedy }];
}

/** The kernel makes the ring, and CRIU does not take it. */
function refusal(code: Reason['code'], ring: AioRing, cpus: number, text: string, remedy: string): Reason {
  return { space: 'aio', code, outcome: 'fails', ids: [ring.pid], text, words: wrongAio(ring, cpus), remedy };
}

function wrongSize(ring: AioRing, cpus: number, { least, most }: { least: number; most: number }): Reason {
  const pages = pagesOf(ring);
  const text = `the AIO ring of process ${ring.pid} has ${counted(pages)}, and a kernel with ${cpus} possible CPUs makes one of ${counted(newPages(ring.nrReq, cpus))}: it fits ${least}…${most} possible CPUs`;
  const remedy = `restore on a machine with ${least}…${most} possible CPUs, or boot this one with possible_cpus=${most}`;
  return refusal('ring-size', ring, cpus, text, remedy);
}

function fitsNowhere(ring: AioRing, cpus: number | undefined): Reason {
  const text = `the AIO ring of process ${ring.pid} has ${counted(pagesOf(ring))}, and io_setup for its ${ring.nrReq} requests makes a larger one on every machine`;
  const remedy = 'dump again: the checkpoint is damaged';
  return refusal('ring-size', ring, cpus ?? 1, text, remedy);
}

function counted(pages: number): string {
  return pages === 1 ? '1 page' : `${pages} pages`;
}

function damaged(ring: AioRing, cpus: number | undefined): Reason {
  const text = `head ${ring.head} or tail ${ring.tail} of an AIO ring of process ${ring.pid} is not below its ${slotsOf(pagesOf(ring))} slots`;
  const remedy = 'dump again: the memory of the ring is damaged';
  return refusal('ring-damaged', ring, cpus ?? 1, text, remedy);
}

/** Head and tail are in the memory of the process; where it is not there, the line is given without their values. */
function wrongAio({ nrReq, ringLen, head, tail }: AioRing, cpus: number): string {
  const hex = (value: number | null): string => (value === null ? '…' : `0x${value.toString(16)}`);
  const pages = Math.ceil(ringLen / 4096);
  const sizes = `req=${hex(nrReq)} old_nr=${hex(slotsOf(pages))} new_nr=${hex(slotsOf(newPages(nrReq, cpus)))} expect=${hex(Math.floor((ringLen - 32) / 32))}`;
  return head === null
    ? `wrong aio: tail=… head=… ${sizes}`
    : `wrong aio: tail=${hex(tail)} head=${hex(head)} ${sizes}`;
}
