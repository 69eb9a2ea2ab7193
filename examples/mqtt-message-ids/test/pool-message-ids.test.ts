// The provider against MQTT.js: its own allocator as an oracle, and its client with a broker on loopback.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { budget, runModel } from '@idspace/testkit';
import { Aedes } from 'aedes';
import { connectAsync, DefaultMessageIdProvider, type MqttClient, UniqueMessageIdProvider } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runReadme } from '../../../test/support/readme-examples.ts';
import { PoolMessageIds } from '../src/pool-message-ids.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

describe('the contract', () => {
  test("with 'lowest', every answer is that of MQTT.js's own allocator", () => {
    const id = { args: ({ below }: { below(n: number): number }): number[] => [below(70_000) - 1_000] };
    const counts = runModel({
      seed: 11,
      steps: budget(60_000),
      subject: new PoolMessageIds('lowest'),
      oracle: new UniqueMessageIdProvider(),
      operations: {
        allocate: {
          args: () => [],
          weight: 5,
          subject: (own) => own.allocate(),
          oracle: (theirs) => theirs.allocate(),
        },
        register: {
          ...id,
          weight: 3,
          subject: (own, n: number) => own.register(n),
          oracle: (theirs, n: number) => theirs.register(n),
        },
        deallocate: {
          args: ({ below }) => [below(2_000) - 10],
          weight: 4,
          subject: (own, n: number) => own.deallocate(n),
          oracle: (theirs, n: number) => theirs.deallocate(n),
        },
        last: {
          args: () => [],
          subject: (own) => own.getLastAllocated() ?? undefined,
          oracle: (theirs) => theirs.getLastAllocated() ?? undefined,
        },
      },
    });
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
  });

  test('65,535 IDs are there, each once, then none until one is free', () => {
    const ids = new PoolMessageIds();
    const all = new Set(Array.from({ length: 65_535 }, () => ids.allocate()));
    expect([all.size, all.has(1), all.has(65_535), all.has(null)]).toEqual([65_535, true, true, false]);
    expect([ids.allocate(), ids.getLastAllocated(), ids.inFlight]).toEqual([null, null, 65_535]);
    ids.deallocate(40_000);
    expect([ids.allocate(), ids.allocate()]).toEqual([40_000, null]);
    ids.clear();
    expect([ids.inFlight, ids.allocate()]).toEqual([0, 1]);
  });

  test.each([0, 65_536, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no ID', (id) => {
    const ids = new PoolMessageIds();
    expect(ids.register(id)).toBe(false);
    ids.deallocate(id);
    expect(ids.allocate()).toBe(1);
  });

  test('the ID of a message that was given up comes back after all others', () => {
    const ids = new PoolMessageIds();
    ids.deallocate(ids.allocate()!);
    const next = Array.from({ length: 65_535 }, () => ids.allocate());
    expect(next.indexOf(1)).toBe(65_534);
  });
});

describe('a client and a broker', () => {
  let broker: Aedes;
  let server: Server;
  let url: string;
  /** Messages that the broker has not acknowledged: what it sees, by topic, and how to go on. */
  const held = new Map<string, { id: number; acknowledge(): void }>();

  beforeAll(async () => {
    broker = await Aedes.createBroker();
    broker.authorizePublish = (_, packet, done) => {
      const acknowledge = (): void => done(null);
      const { topic, messageId = 0 } = packet as typeof packet & { messageId?: number };
      if (topic.startsWith('held/')) held.set(topic, { id: messageId, acknowledge });
      else acknowledge();
    };
    server = createServer(broker.handle);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => held.clear());

  afterAll(async () => {
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
  });

  const connected = (messageIdProvider: PoolMessageIds | DefaultMessageIdProvider): Promise<MqttClient> =>
    connectAsync(url, { messageIdProvider, reconnectPeriod: 0 });

  /** Resolves when the broker holds so many messages. */
  const heldBack = (count: number): Promise<void> => expect.poll(() => held.size).toBe(count);

  test('messages in flight have different IDs, and all IDs come back', async () => {
    const ids = new PoolMessageIds();
    const client = await connected(ids);
    await client.subscribeAsync('echo/#', { qos: 2 });
    const sent = Array.from({ length: 90 }, (_, i) => client.publishAsync(`held/${i}`, 'x', { qos: i % 2 ? 1 : 2 }));
    await heldBack(90);
    expect(ids.inFlight).toBe(90);
    expect(new Set([...held.values()].map(({ id }) => id)).size).toBe(90);
    for (const { acknowledge } of held.values()) acknowledge();
    await Promise.all(sent);
    await client.publishAsync('echo/last', 'x', { qos: 2 });
    await client.unsubscribeAsync('echo/#');
    expect(ids.inFlight).toBe(0);
    await client.endAsync();
  });

  /** Sends a message that the broker does not acknowledge, lets as many IDs pass as there are others, and sends one more. */
  async function idsAfterALap(provider: PoolMessageIds | DefaultMessageIdProvider): Promise<number[]> {
    const client = await connected(provider);
    const slow = client.publishAsync('held/slow', 'x', { qos: 1 });
    await heldBack(1);
    for (let i = 1; i < 65_535; i++) provider.deallocate(provider.allocate()!);
    const next = client.publishAsync('held/next', 'x', { qos: 1 });
    await heldBack(2);
    const ids = [...held.values()].map(({ id }) => id);
    for (const { acknowledge } of held.values()) acknowledge();
    // Of two messages under one ID, MQTT.js keeps the callback of the second.
    await (ids[0] === ids[1] ? next : Promise.all([slow, next]));
    await client.endAsync(true);
    return ids;
  }

  test('the default counter wraps into an ID that is in flight; the pool does not', async () => {
    const [slow, next] = await idsAfterALap(new DefaultMessageIdProvider());
    expect(next).toBe(slow);
    held.clear();
    const [slowOfPool, nextOfPool] = await idsAfterALap(new PoolMessageIds());
    expect(nextOfPool).not.toBe(slowOfPool);
  });

  test('when no ID is left, a message waits until one is free', async () => {
    const ids = new PoolMessageIds();
    const client = await connected(ids);
    const first = client.publishAsync('held/first', 'x', { qos: 1 });
    await heldBack(1);
    while (ids.allocate() !== null);
    const waiting = client.publishAsync('held/waiting', 'x', { qos: 1 });
    const { id, acknowledge } = held.get('held/first')!;
    acknowledge();
    await first;
    await heldBack(2);
    expect(held.get('held/waiting')!.id).toBe(id);
    held.get('held/waiting')!.acknowledge();
    await waiting;
    await client.endAsync();
  });

  test('after a lost connection, a stored message keeps its ID, and no other gets it', async () => {
    const ids = new PoolMessageIds();
    const client = await connectAsync(url, {
      messageIdProvider: ids,
      clientId: 'again',
      clean: false,
      reconnectPeriod: 5,
    });
    const stored = client.publishAsync('held/stored', 'x', { qos: 1 });
    await heldBack(1);
    const { id } = held.get('held/stored')!;
    held.clear();
    client.stream.destroy();
    await heldBack(1);
    expect(held.get('held/stored')!.id).toBe(id);
    // MQTT.js has cleared the provider, and registered what it sends again.
    expect([ids.inFlight, ids.register(id)]).toEqual([1, false]);
    held.get('held/stored')!.acknowledge();
    await stored;
    expect(ids.inFlight).toBe(0);
    await client.endAsync();
  });

  test('the README tells the truth', () => runReadme(FOLDER, { MQTT_URL: url }));
});
