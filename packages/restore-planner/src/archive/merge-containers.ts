// One checkpoint of the containers of an archive: most hold one, a pod's holds several.
import type { Checkpoint, Container } from '../types.ts';
import type { Origin } from './origin.ts';

/** The images of one container, and where they come from. */
export interface ReadContainer extends Pick<Checkpoint, 'format' | 'processes' | 'ids'> {
  origin: Origin;
  /** Its directory in the archive, '' for the top. */
  directory: string;
}

/** Merges what was read; of several containers every process tells which one it is of. */
export function merged(source: string, containers: readonly ReadContainer[]): Checkpoint {
  const { kernelRelease, criuVersion } = Object.assign({}, ...containers.map(({ origin }) => origin)) as Origin;
  const named = containers.map(nameOf);
  const isPod = containers.length > 1;
  const processes = containers.flatMap(({ processes }, index) =>
    isPod ? processes.map((process) => ({ ...process, container: named[index]!.name! })) : processes,
  );
  const ids = containers.flatMap(({ ids = [] }, index) =>
    isPod ? ids.map((one) => ({ ...one, container: named[index]!.name! })) : ids,
  );
  return {
    source,
    format: containers[0]!.format,
    complete: true,
    ...(kernelRelease !== undefined && { kernelRelease }),
    ...(criuVersion !== undefined && { criuVersion }),
    ...((isPod || Object.keys(named[0]!).length > 0) && { containers: named }),
    processes,
    ids,
  };

  function nameOf({ origin, directory }: ReadContainer): Container {
    const name = origin.container?.name ?? (containers.length > 1 ? directory || '/' : undefined);
    return { ...origin.container, ...(name !== undefined && { name }) };
  }
}
