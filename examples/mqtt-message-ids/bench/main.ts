// `pnpm bench mqtt-message-ids`: the pool against MQTT.js's own allocator.
import { race } from '@idspace/testkit/bench';

await race({
  main: import.meta.url,
  external: ['mqtt'],
  names: ['PoolMessageIds', "PoolMessageIds('lowest')", 'UniqueMessageIdProvider'],
  rows: [100, 1_000, 10_000, 60_000].map((inFlight) => ({
    title: inFlight.toLocaleString('en'),
    operation: 'churn',
    params: { inFlight },
  })),
});
