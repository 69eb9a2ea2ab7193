// What Vitest runs before the tests of each file.
import { chai } from 'vitest';
import { errorForNothing } from './thrown.ts';

const once: { isDone?: boolean } = ((globalThis as Record<symbol, object>)[Symbol.for('idspace.expect')] ??= {});
// Files share modules.
if (once.isDone !== true) {
  once.isDone = true;
  chai.use(errorForNothing as Parameters<typeof chai.use>[0]);
}
