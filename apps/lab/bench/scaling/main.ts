// `pnpm bench scaling [TEXT]`: lines that an operation gets from other cores, simulated on 2, 4, 16 and 64.
import { CORES, rowOf } from './table.ts';
import { WORKLOADS } from './workloads.ts';

const [text = ''] = process.argv.slice(2);
console.log(
  `| operation | ${CORES.map((cores) => `${cores} cores`).join(' | ')} | of one line | that line | stops at | most of them at |`,
);
console.log(`|---|${'---:|'.repeat(CORES.length + 1)}---|---:|---|`);
for (const name of Object.keys(WORKLOADS)) if (name.includes(text)) console.log(rowOf(name));
