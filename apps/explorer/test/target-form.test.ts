// The form of a target: what is typed becomes a target, and what is wrong is told at its field in the planner's words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTarget, SPACES } from '@idspace/restore-planner/plan';
import { expect, test } from 'vitest';
import { FIELD_GROUPS, formOf, looksLikeTarget, readForm } from '../src/checkpoint/target-form.ts';

const FIELDS = FIELD_GROUPS.flatMap(({ fields }) => fields);

test('has a field for everything that the verdict depends on', () => {
  const keys = new Set<string>(FIELDS.map(({ key }) => key));
  const timers = ['sigqOfCriuUser', 'criuRlimitSigpending', 'rtc', 'capWakeAlarm'];
  for (const key of [...SPACES.flatMap(({ dependsOn }) => dependsOn), ...timers]) expect(keys).toContain(key);
});

test('nothing filled in is no target', () => {
  expect(readForm({})).toEqual({ target: undefined, errors: {} });
  expect(readForm({ pidMax: '  ' })).toEqual({ target: undefined, errors: {} });
});

test('reads what a person types', () => {
  const { target, errors } = readForm({
    pidMax: '4,194,304',
    shellJob: 'yes',
    rtc: 'no',
    taken: '1-3, 5003 pid postgres: writer\n5004 tid',
    ptysTaken: '0, 3-5',
    cannotAsk: 'clone3-set-tid',
    joinedIpc: '{"shm": [{"id": 32774, "key": 20736}]}',
  });
  expect(errors).toEqual({});
  expect(target).toEqual({
    pidMax: 4194304,
    shellJob: true,
    rtc: false,
    taken: [
      ...[1, 2, 3].map((number) => ({ number, as: 'pid' })),
      { number: 5003, as: 'pid', command: 'postgres: writer' },
      { number: 5004, as: 'tid' },
    ],
    ptysTaken: [0, 3, 4, 5],
    cannotAsk: ['clone3-set-tid'],
    joinedIpc: { shm: [{ id: 32774, key: 20736 }] },
  });
});

test.each([
  ['pidMax', 'many', /expected a whole number, 1…4194304/],
  ['pidMax', '0', /expected a whole number, 1…4194304/],
  ['pidMax', '-5', /expected a whole number/],
  ['shellJob', 'perhaps', /expected true or false/],
  ['taken', '5003 uid', /expected pid, zombie, tid, pgid, sid/],
  ['taken', '7-3', /expected a whole number/],
  ['taken', '0-99999999', /expected a whole number/],
  ['ptysTaken', 'all', /expected a whole number/],
  ['ptysTaken', '[0, ', /expected a list/],
  ['joinedIpc', 'none', /expected an object with shm, sem, msg/],
  ['joinedIpc', '{"shm": [{"id": -1, "key": 0}]}', /expected a whole number/],
  ['cannotAsk', 'clone3-set-tdi', /did you mean/],
] as const)('%s: %s is refused at its field, and the rest is taken', (key, text, message) => {
  const { target, errors } = readForm({ maxUserWatches: '8192', [key]: text });
  expect(Object.keys(errors)).toEqual([key]);
  expect(errors[key]).toMatch(message);
  expect(target).toEqual({ maxUserWatches: 8192 });
});

test('a file of `idspace probe --facts` goes through the form and comes out as it was', () => {
  const text = readFileSync(join(import.meta.dirname, '../../lab/examples/node.json'), 'utf8');
  expect(looksLikeTarget(text)).toBe(true);
  const { form, kernel, criu } = formOf(text, 'node.json');
  const { kernel: k, criu: c, ...known } = parseTarget(text);
  expect({ kernel, criu }).toEqual({ kernel: k, criu: c });
  expect(Object.keys(known).length).toBeGreaterThan(1);
  expect(readForm(form)).toEqual({ target: known, errors: {} });
  expect(() => formOf('{"format": "idspace-target", "version": 1, "pidMx": 1}', 'x.json')).toThrow(/x.json.*pidMax/);
});

test('JSON of crit is no target', () => {
  expect(looksLikeTarget('{"magic": "CORE", "entries": []}')).toBe(false);
  expect(looksLikeTarget('ID: 1')).toBe(false);
});
