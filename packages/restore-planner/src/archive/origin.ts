// What engines leave beside the images and tells where a checkpoint comes from. All of it is optional: what cannot be read is
// as good as absent. dump.log is CRIU's; config.dump and spec.dump are written by podman, CRI-O and containerd.
import { utf8 } from '../bytes/text.ts';
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
  const text = utf8(bytes);
  if (name === 'dump.log') return fromLog(text);
  const json = objectOf(parsed(text));
  const named = originOfAnnotations(json.annotations);
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

// Keys of the runtimes, and ends of those that an image of a checkpoint has, whatever tool made it: 'io.podman.annotations.…',
// 'io.kubernetes.cri-o.annotations.…' or 'org.criu.…'.
const NAME_KEYS = ['io.kubernetes.container.name', 'io.kubernetes.cri.container-name'];
const NAME_ENDS = ['.checkpoint.container.name', '.annotations.checkpoint.name'];
const POD_KEYS = ['io.kubernetes.pod.name', 'io.kubernetes.cri.sandbox-name'];
const POD_ENDS = ['.checkpoint.pod.name'];
const NAMESPACE_KEYS = ['io.kubernetes.pod.namespace', 'io.kubernetes.cri.sandbox-namespace'];
const NAMESPACE_ENDS = ['.checkpoint.pod.namespace'];

/** Reads the annotations of a container, or of an image of one. */
export function originOfAnnotations(json: unknown): Origin {
  const annotations = objectOf(json);
  const first = (keys: readonly string[], ends: readonly string[]): unknown => {
    const ending = ends.flatMap((end) => Object.keys(annotations).filter((key) => key.endsWith(end)));
    return [...keys, ...ending].map((key) => annotations[key]).find(Boolean);
  };
  const { pod, namespace } = texts({
    pod: first(POD_KEYS, POD_ENDS),
    namespace: first(NAMESPACE_KEYS, NAMESPACE_ENDS),
  });
  const container = texts({
    name: first(NAME_KEYS, NAME_ENDS),
    pod: pod !== undefined && namespace !== undefined ? `${namespace}/${pod}` : pod,
  });
  return {
    ...texts({
      criuVersion: first([], ['checkpoint.criu.version']),
      kernelRelease: first([], ['checkpoint.host.kernel']),
    }),
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What JSON has where an object is expected; an empty one where it has something else. */
export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
