// Inputs that are cut short or made to harm: a result or one CheckpointError, never anything else. `pnpm hostile` is the long form, with times and
// memory. Damage of every other kind is for fuzz.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError, readCheckpoint } from '@idspace/restore-planner';
import { BUDGET_SHARE, budget } from '@idspace/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutAll, type DamagedForm } from './support/damage.ts';
import { damagedForms } from './support/damaged-forms.ts';
import { CASES } from './support/given-images.ts';
import { HOSTILE_INPUTS } from './support/hostile-inputs.ts';

const STRIDE = Math.round((41 * 250) / budget(250)); // of the large forms

/** All forms in the full budget; otherwise one of each case, and other ones of the next case. */
function formsOf(name: string): DamagedForm[] {
  const forms = damagedForms(name, STRIDE);
  return BUDGET_SHARE >= 1 ? forms : forms.filter((_, at) => (at + CASES.indexOf(name)) % forms.length === 0);
}

describe.each(CASES)('%s', (name) => {
  for (const form of formsOf(name)) {
    test(`${form.name}, cut at every ${form.stride === 1 ? '' : `${form.stride}. `}byte`, async () => {
      const { tries, faults } = await cutAll(form);
      expect(faults).toEqual([]);
      expect(tries).toBeGreaterThan(2);
    });
  }
});

describe('made to harm', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'restore-planner-hostile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(HOSTILE_INPUTS.filter(({ isLarge }) => !isLarge))('$name', async ({ name, write, isFine = false }) => {
    const path = join(folder, name.replaceAll('.', ''));
    write(path);
    const ended = await readCheckpoint(path).then(
      () => 'read',
      (error: unknown) => error,
    );
    if (isFine) expect(ended).toBe('read');
    else expect(ended).toBeInstanceOf(CheckpointError);
    rmSync(path, { recursive: true });
  });
});
