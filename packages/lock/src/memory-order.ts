// Tells whether plain reads and writes of shared memory happen in the order of the program.

/** The little of Node's `process` that is looked at; browsers have none. */
interface Runtime {
  process?: { arch?: string; versions?: { node?: string; v8?: string; bun?: string } };
}

/**
 * Says whether plain accesses to typed arrays over shared memory keep the order of reads among themselves and of writes
 * among themselves, as seen by other threads: Node (V8) on an x86 processor.
 *
 * The language promises it of no plain access. V8 neither moves nor merges accesses to shared typed arrays, and x86 keeps
 * the order of loads and that of stores; where either is not known, structures must use `Atomics` or a lock. There,
 * `Atomics.load` costs about ten plain reads.
 *
 * Source: Intel SDM volume 3A, §9.2.2 (P6 and later: reads are not reordered with reads, nor writes with writes).
 */
export const PLAIN_ACCESS_IS_ORDERED: boolean = isOrdered((globalThis as Runtime).process);

function isOrdered(process: Runtime['process']): boolean {
  const { arch, versions } = process ?? {};
  const isNode = versions?.node !== undefined && versions.v8 !== undefined && versions.bun === undefined;
  // Deno has a `process` of Node's shape and V8 too.
  return isNode && (arch === 'x64' || arch === 'ia32');
}
