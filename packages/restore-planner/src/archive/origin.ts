// What engines leave beside the images and tells where a checkpoint comes from. All of it is optional: what cannot be read is
// as good as absent. dump.log is CRIU's; config.dump and spec.dump are written by podman, CRI-O and containerd.
import type { Container } from '../types.ts';

/** The files that are looked into. */
export type OriginFile = 'dump.log' | 'config.dump' | 'spec.dump';

/** Bytes that are read of each: the versions head the log, and the others are JSON of some kB. */
export const ORIGIN_BYTES: Readonly<Record<OriginFile, number>> = {
  'dump.log': 64 * 1024,
  'config.dump': 2 ** 20,
  'spec.dump': 2 ** 20,
};

/** Where a set of images was dumped. */
export interface Origin {
  kernelRelease?: string;
  criuVersion?: string;
  container?: Container;
}

/** Tells whether a file name is one of them. */
export function isOriginFile(name: string): name is OriginFile {
  return Object.hasOwn(ORIGIN_BYTES, name);
}

/** Reads one of the files. */
export function originOf(name: OriginFile, bytes: Uint8Array): Origin {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (name === 'dump.log') return fromLog(text);
  const json = objectIn(text);
  const named = fromAnnotations(objectOf(json.annotations));
  if (name === 'spec.dump') return named;
  const container = { ...named.container, ...texts({ name: json.name, id: json.id }) };
  return { ...named, ...(Object.keys(container).length > 0 && { container }) };
}

/** Puts together what several files tell; earlier ones win. */
export function mergeOrigins(origins: readonly Origin[]): Origin {
  const latterFirst = [...origins].reverse();
  const merged: Origin = Object.assign({}, ...latterFirst);
  const container: Container = Object.assign({}, ...latterFirst.map((origin) => origin.container));
  return Object.keys(container).length > 0 ? { ...merged, container } : merged;
}

/** "(00.000001) Version: 4.2 (gitid v4.2)" and "(00.000002) Running on host Linux 6.18.44 #1 SMP …" */
function fromLog(text: string): Origin {
  return texts({
    criuVersion: /^(?:\([\d.]+\) +)?Version: (\d[\w.-]*)/m.exec(text)?.[1],
    kernelRelease: /^(?:\([\d.]+\) +)?Running on \S+ Linux (\d\S*)/m.exec(text)?.[1],
  });
}

const NAME_KEYS = ['io.kubernetes.container.name', 'io.kubernetes.cri.container-name'];
const POD_KEYS = ['io.kubernetes.pod.name', 'io.kubernetes.cri.sandbox-name'];
const NAMESPACE_KEYS = ['io.kubernetes.pod.namespace', 'io.kubernetes.cri.sandbox-namespace'];

function fromAnnotations(annotations: Record<string, unknown>): Origin {
  const first = (keys: readonly string[]): unknown => keys.map((key) => annotations[key]).find(Boolean);
  const ending = (end: string): unknown => first(Object.keys(annotations).filter((key) => key.endsWith(end)));
  const { pod, namespace } = texts({ pod: first(POD_KEYS), namespace: first(NAMESPACE_KEYS) });
  const container = texts({
    name: first(NAME_KEYS),
    pod: pod !== undefined && namespace !== undefined ? `${namespace}/${pod}` : pod,
  });
  return {
    ...texts({ criuVersion: ending('checkpoint.criu.version'), kernelRelease: ending('checkpoint.host.kernel') }),
    ...(Object.keys(container).length > 0 && { container }),
  };
}

const LONGEST = 256; // characters of a name that is shown

/** Keeps what is a text fit to be shown. */
function texts<Key extends string>(values: Record<Key, unknown>): { [K in Key]?: string } {
  const kept = Object.entries(values).filter(
    ([, value]) => typeof value === 'string' && value !== '' && value.length <= LONGEST && !/\p{Cc}/u.test(value),
  );
  return Object.fromEntries(kept) as { [K in Key]?: string };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
