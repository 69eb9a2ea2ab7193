// `pnpm bench scaling [TEXT]`: lines that an operation gets from other cores, simulated on 2, 4, 16 and 64.
import { scriptFlags } from '@idspace/testkit/script-flags';
import { CORES, rowOf } from './table.ts';
import { WORKLOADS } from './workloads.ts';

const {
  positionals: [text = ''],
} = scriptFlags(
  'pnpm bench scaling [TEXT]\n  TEXT   operations with this text in their name (default: all)',
  {},
  { names: 1 },
);
console.log(
  `| operation | ${CORES.map((cores) => `${cores} cores`).join(' | ')} | of one line | that line | stops at | most of them at |`,
);
console.log(`|---|${'---:|'.repeat(CORES.length + 1)}---|---:|---|`);
for (const name of Object.keys(WORKLOADS)) if (name.includes(text)) console.log(rowOf(name));
