// `pnpm bench ecs-entities`: the index against bitECS, whose worlds also keep lists of components.
import { race } from '@idspace/testkit/bench';

await race({
  main: import.meta.url,
  external: ['bitecs'],
  names: ['EntityIndex', 'bitECS, no versions', 'bitECS, 8 version bits'],
  rows: [1_000, 100_000].flatMap((alive) =>
    [
      ['replace', `remove one, add one; ${alive.toLocaleString('en')} alive`],
      ['ask', `is it alive; ${alive.toLocaleString('en')} alive`],
    ].map(([operation, title]) => ({ title: title!, operation: operation!, params: { alive } })),
  ),
});
