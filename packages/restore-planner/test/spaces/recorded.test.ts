// Every recorded restore, planned: outcome, what CRIU prints, calls.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRestore, REASON_CODES, readCheckpoint } from '@idspace/restore-planner';
import { expect, test } from 'vitest';
import { gzip, podmanTar } from '../support/archives.ts';
import { RECORDED, RESTORES, type RecordedRestore, recordedImages, targetOf } from './recorded.ts';

const given = RESTORES.map((restore) => [`${restore.case}: ${restore.mode}`, restore] as const);

test.each(given)('%s', async (_, restore) => {
  const checkpoint = await readCheckpoint(join(RECORDED, restore.case));
  const target = targetOf(restore, checkpoint);
  const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2', target });
  const { reasons, spaces } = plan;
  const isLimit = restore.case.startsWith('timers');
  if (restore.verdict === 'fails') {
    expect(isLimit ? ['fails', 'exceeds-limit', 'depends'] : ['fails']).toContain(plan.outcome);
    const words = reasons.map((reason) => reason.words).join('\n');
    if (!isLimit) for (const line of restore.words) expect(words).toContain(withoutMemory(line, restore));
    for (const { code, text, remedy } of reasons) {
      expect(Object.keys(REASON_CODES)).toContain(code);
      expect(text.length * remedy.length).toBeGreaterThan(0);
    }
    return;
  }
  expect({ outcome: plan.outcome, reasons }).toEqual({ outcome: 'ok', reasons: [] });
  const of = (name: string) => spaces.find(({ space }) => space === name);
  const { calls } = restore;
  if (calls.inotify_add_watch !== undefined) {
    const { inotify_add_watch: creates, inotify_rm_watch: deletes = 0 } = calls;
    expect(of('inotify')).toMatchObject({ creates, deletes, asks: Math.max(0, (calls['ioctl SETNEXTWD'] ?? 1) - 1) });
  }
  // One clone3 and one SETNEXTWD more are CRIU's own, which tries them out when its cache is cold.
  if (calls.clone3 !== undefined && calls['ioctl SETNEXTWD'] !== undefined)
    expect(of('pids')?.asks).toBe(calls.clone3 - 1);
  if (calls.shmget !== undefined) expect(of('sysv')?.creates).toBe(calls.shmget + calls.semget! + calls.msgget!);
  if (calls.timer_create !== undefined) expect(of('timers')?.creates).toBe(calls.timer_create);
});

/** Head and tail of a ring are in memory pages, which the recordings leave out. */
function withoutMemory(line: string, { case: name }: RecordedRestore): string {
  return name.startsWith('aio') ? line.replace(/tail=0x[\da-f]+ head=0x[\da-f]+/, 'tail=… head=…') : line;
}

test('folder, archive and JSON of crit say the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'restore-planner-forms-'));
  try {
    const archive = join(folder, 'mixed.tar.gz');
    writeFileSync(archive, gzip(podmanTar(recordedImages('mixed'))));
    const json = join(folder, 'json');
    mkdirSync(json);
    for (const name of readdirSync(join(RECORDED, 'mixed'))) {
      if (name.endsWith('.json')) copyFileSync(join(RECORDED, 'mixed', name), join(json, name));
    }
    const images = await readCheckpoint(join(RECORDED, 'mixed'));
    expect(images.ids).toMatchObject([{ aio: [{ pid: 7001 }, { pid: 7002 }], pty: [{ index: 0 }, { index: 2 }] }]);
    expect((await readCheckpoint(archive)).ids).toEqual(images.ids);
    expect((await readCheckpoint(json)).ids).toEqual(images.ids);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['mixed', 'shared'],
  ['pids', 'shared'],
  ['pids-own-ns', 'own'],
])('%s has a PID namespace that is %s', async (name, namespace) => {
  expect((await readCheckpoint(join(RECORDED, name))).ids).toMatchObject([{ pids: { namespace } }]);
});
