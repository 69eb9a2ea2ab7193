// Versions as people write them: the planner and the kernel model take the same releases, and call them by the same name.
import { Kernel } from '@idspace/posix-timers';
import { planRestore } from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';

const nothing = checkpointOf([]);
const plannedOn = (kernel: string) => planRestore(nothing, { kernel, criu: '4.2' }).kernel;
const modelOf = (release: string) => new Kernel({ release }).release;

describe('releases', () => {
  test.each([
    ['2.6', '2.6'],
    ['2.6.32-754.el6.x86_64', '2.6.32-754.el6.x86_64'],
    ['3.10', '3.10'],
    ['6.1.0+', '6.1.0+'],
    ['6.1+', '6.1+'],
    ['6.18.44-fc', '6.18.44-fc'],
    ['6.18-rc3', '6.18-rc3'],
    ['6.18~rc3-1', '6.18~rc3-1'],
    ['6.18_1', '6.18_1'],
    ['6.18.44.mine', '6.18.44.mine'],
    ['5.15.153.1-microsoft-standard-WSL2', '5.15.153.1-microsoft-standard-WSL2'],
    ['6.18.0x', '6.18.0x'],
    ['10.0', '10.0'],
    ['v6.1', '6.1'],
    ['v6.18-rc3', '6.18-rc3'],
    ['dense', 'dense'],
    ['xarray', 'xarray'],
  ])('%s is taken, and called %s', (release, name) => {
    expect([plannedOn(release), modelOf(release)]).toEqual([name, name]);
  });

  // biome-ignore format: what belongs together stands in a row
  test.each([
    '', '6', '6.', '.18', '6.18abc', '6.18rc3', '6.18.x', '6.18.', '6.18.y-1', '6.18.-1', '6.18..1', '6.18 -rc3', ' 6.18', '6.18\n', '6,18', '2.4.37', 'v2.4',
    '6.1000', '1000.1',
    'V6.1', 'vv6.1', 'v', 'Dense', 'vdense', 'xarray-1', 'linux-6.1', 'constructor',
  ])('%j is refused', (release) => {
    expect(() => plannedOn(release)).toThrow(/^kernel: got '/);
    expect(() => modelOf(release)).toThrow(/^posix-timers: release: got '/);
  });

  test.each([
    ['denze', / \(did you mean 'dense'\?\)$/],
    ['Dense', / \(did you mean 'dense'\?\)$/],
    ['xaray', / \(did you mean 'xarray'\?\)$/],
    ['minix', /IDs\)$/],
  ])('%s: what it may mean', (release, hint) => {
    expect(() => plannedOn(release)).toThrow(hint);
  });

  test.each([
    ['nativ', / \(did you mean 'native'\?\)$/],
    ['latest', /or 'native'$/],
    ['4.2.x', /or 'native'$/],
  ])('CRIU %s: what it may mean', (criu, hint) => {
    expect(() => planRestore(nothing, { kernel: '6.18', criu })).toThrow(hint);
  });

  test.each([3.1, 6, 610n, undefined, null, true, ['6.1'], { release: '6.1' }])('%o is no string', (release) => {
    expect(() => plannedOn(release as never)).toThrow(/^kernel: got .*, expected a string such as '6\.18'$/);
    expect(() => modelOf(release as never)).toThrow(
      /^posix-timers: release: got .*, expected a string such as '6\.18'$/,
    );
  });
});

describe('CRIU', () => {
  const madeBy = (criu: string) => planRestore(nothing, { kernel: '6.1', criu }).criu;

  test.each([
    ['v4.2', '4.2'],
    ['v3.17.1', '3.17.1'],
    ['4.10', '4.10'],
    ['4.2-1.fc40', '4.2-1.fc40'],
  ])('%s is taken, and called %s', (criu, name) => expect(madeBy(criu)).toBe(name));

  test.each([4.1, 4, undefined, null])('%o is no string', (criu) => {
    expect(() => madeBy(criu as never)).toThrow(`criu: got ${criu}, expected a string such as '4.2'`);
  });
});
