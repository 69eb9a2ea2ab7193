// `pnpm bench wasi-fds`: the table against a scan and against none.
import { race } from '@idspace/testkit/bench';

await race({
  main: import.meta.url,
  external: [],
  names: ['FdTable', 'scan for a free one', 'push, never reused'],
  rows: [10, 100, 1_000, 10_000].map((open) => ({
    title: open.toLocaleString('en'),
    operation: 'churn',
    params: { open },
  })),
});
