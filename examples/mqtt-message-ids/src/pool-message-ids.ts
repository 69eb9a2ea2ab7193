// The message IDs of an MQTT.js client, from a pool: within a connection none is handed out while it is in flight, and each takes the same short time.
import { IdPool, type IdPoolOptions } from '@idspace/next-id';
import type { IClientOptions } from 'mqtt';

type MessageIdProvider = NonNullable<IClientOptions['messageIdProvider']>;

/**
 * A `messageIdProvider` for `mqtt.connect`. A client needs one of its own.
 *
 * IDs come in a circle by default, so that the ID of a message that was given up comes back as late as possible: a late
 * acknowledgement of it meets no other message. With `'lowest'` it hands out exactly what UniqueMessageIdProvider does.
 */
export class PoolMessageIds implements MessageIdProvider {
  private readonly pool: IdPool;
  private last: number | null = null;

  /** @param reuse Order in which IDs come back; see IdPoolOptions. Default 'cyclic'. */
  constructor(reuse: NonNullable<IdPoolOptions['reuse']> = 'cyclic') {
    this.pool = new IdPool({ min: 1, max: 65535, reuse });
  }

  /** Number of messages that wait for an acknowledgement. */
  get inFlight(): number {
    return this.pool.size;
  }

  /** Returns a free ID, 1…65535, or null if all are in flight: then MQTT.js keeps the message until one is free. */
  allocate(): number | null {
    const id = this.pool.allocate();
    this.last = id < 0 ? null : id;
    return this.last;
  }

  /** Returns what `allocate` returned last; null before. */
  getLastAllocated(): number | null {
    return this.last;
  }

  /** Takes the ID of a stored message. Returns false if it is in flight, or is none. */
  register(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= 65535 && this.pool.reserve(id);
  }

  /** Gives an ID back; does nothing if it is free. */
  deallocate(id: number): void {
    this.pool.free(id);
  }

  /** Makes all IDs free. MQTT.js calls it before it registers the messages that it has stored. */
  clear(): void {
    this.pool.clear();
  }
}
