import { describe, expect, test } from 'vitest';
import { CacheSim, CPU_PRESETS, cpuPreset, presetOptions } from '../src/index.ts';

describe.each(CPU_PRESETS)('%s', (name) => {
  test('can be simulated, with one core and with two', () => {
    for (const cores of [1, 2]) {
      const sim = new CacheSim(presetOptions(name, cores));
      expect(sim.read(0, 8, cores - 1)).toBe(sim.levels.length);
      expect(sim.read(0, 8, cores - 1)).toBe(0);
      expect(sim.fetch(0, 8, cores - 1)).toBeGreaterThan(0);
      expect(sim.stats().tlb).toMatchObject({ data: { lookups: 2 }, walks: 1 });
    }
  });

  test('every value says where it comes from', () => {
    const { name: _name, title, firstShared: _firstShared, levels, ...values } = cpuPreset(name);
    expect(title).toMatch(/20\d\d/);
    for (const { basis, source } of [...levels, ...Object.values(values)]) {
      expect(['documented', 'measured', 'assumed']).toContain(basis);
      expect(source).toMatch(/\w{3}/);
    }
  });
});

test('an unknown CPU', () => {
  expect(() => presetOptions('abacus')).toThrow(/'abacus', expected one of ice-lake-sp, /);
});
