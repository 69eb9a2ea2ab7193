// The entities of bitECS, called as the index is.
import { addEntity, createEntityIndex, createWorld, entityExists, removeEntity, withVersioning } from 'bitecs';

/** What is common to both. */
export interface Entities {
  add(): number;
  remove(entity: number): void;
  has(entity: number): boolean;
}

export function bitECS(versionBits?: number): Entities {
  const world = createWorld(createEntityIndex(versionBits === undefined ? undefined : withVersioning(versionBits)));
  return {
    add: () => addEntity(world),
    remove: (entity) => removeEntity(world, entity),
    has: (entity) => entityExists(world, entity),
  };
}
