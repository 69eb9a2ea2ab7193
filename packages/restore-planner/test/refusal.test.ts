// Errors for arguments carry their parts, whatever words the value in them has.
import {
  CheckpointError,
  parsePlan,
  parseTarget,
  planDocument,
  planRestore,
  type Refusal,
} from '@idspace/restore-planner';
import { expect, test } from 'vitest';
import { unreadable } from '../src/bytes/unreadable.ts';
import { checkpointOf } from './support/checkpoints.ts';

const PLAN = planRestore(checkpointOf([[0, 7]]), { kernel: '6.18', criu: '4.2' });

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test.each([
  [{ kernel: '1.0', criu: '4.2' }, 'kernel', "'1.0'", /^a release of 2\.6 or later/],
  [{ kernel: '6.18', criu: '0.5' }, 'criu', "'0.5'", /^a version: 0\.6/],
  [{ kernel: '6.18', criu: '4.2', nsPerPair: -1 }, 'nsPerPair', '-1', /./],
  [{ kernel: '6.18', criu: '4.2', target: { pidMax: 0 } }, 'target.pidMax', '0', /^a whole number, 1…4194304$/],
])('%j', (options, argument, got, expected) => {
  const error = thrown(() => planRestore(checkpointOf([[0]]), options)) as Refusal;
  expect(error).toBeInstanceOf(RangeError);
  expect(error).toMatchObject({ argument, got });
  expect(error.expected).toMatch(expected);
  expect(error.message).toBe(`${argument}: got ${got}, expected ${error.expected}`);
  expect(Object.keys(error)).toEqual([]);
});

const TRAP = 'x: got y, expected z';

test('a plan whose value reads like an error', () => {
  const document = JSON.parse(JSON.stringify(planDocument(PLAN)));
  document.processes[0].strategy = TRAP;
  const error = thrown(() => parsePlan(JSON.stringify(document), 'plan.json'));
  expect(error).toBeInstanceOf(CheckpointError);
  expect(error).toMatchObject({ code: 'bad-plan', got: `processes[0].strategy = '${TRAP}'` });
  expect((error as CheckpointError).expected).toMatch(/^one of restore-ids, /);
});

test('a target whose key or value reads like an error', () => {
  const target = { format: 'idspace-target', version: 1 };
  const ofKey = thrown(() => parseTarget(JSON.stringify({ ...target, [TRAP]: 1 }), 'node.json'));
  expect(ofKey).toMatchObject({ code: 'bad-target', got: `the key "${TRAP}"` });
  const ofValue = thrown(() => parseTarget(JSON.stringify({ ...target, pidMax: TRAP }), 'node.json'));
  expect(ofValue).toMatchObject({ got: `pidMax: got "${TRAP}"`, expected: 'a whole number, 1…4194304' });
});

test.each(['EACCES', 'EPERM'])('a file that may not be read is told in words, and what to do: %s', (code) => {
  const cause = Object.assign(new Error(`${code}: open '/x'`), { code });
  const { got, expected } = unreadable('/proc/7/timers', cause);
  expect({ got, expected }).toEqual({
    got: 'no permission to read it',
    expected: 'a readable file: run as root, or as the user it belongs to',
  });
  expect(unreadable('f', Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })).got).toBe('EIO: i/o error');
});
