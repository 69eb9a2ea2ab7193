// Watch descriptors: cyclic in each inotify file, asked for since Linux 4.16 and CRIU 3.9, before that reached by adding and removing watches.
// Source: criu/fsnotify.c, v4.2; recorded restores.
import { INT_MAX } from '../../int-max.ts';
import { isBefore } from '../../version.ts';
import { knows } from '../about.ts';
import { MOST_NAMED, type Reason, type ReasonCode } from '../reason.ts';
import { type Conditions, type Space, type SpacePlan, worstOf } from '../space.ts';
import { NEXT_WD_SINCE, SECONDS_PER_PAIR } from './about.ts';
import { type Dance, danceTo } from './dance.ts';
import type { InotifyFile } from './inotify-file.ts';

const SECONDS_PER_WATCH = 4e-6; // inotify_add_watch by /proc/self/fd, half of a pair
/** What kernels allow if nothing else is set: fs/notify/inotify/inotify_user.c. */
const USUAL_WATCHES = 8192;
const USUAL_INSTANCES = 128;

/** Plans watch descriptors. */
export const INOTIFY: Space<readonly InotifyFile[]> = {
  name: 'inotify',
  ids: 'inotify watch descriptors',
  reads: ['files.img'],
  dependsOn: ['cannotAsk', 'maxUserWatches', 'userWatches', 'maxUserInstances'],
  plan,
};

function plan(files: readonly InotifyFile[], conditions: Conditions): SpacePlan | undefined {
  if (files.length === 0) return undefined;
  const asks = canAskForWatches(conditions);
  const totals = { asks: 0, creates: 0, deletes: 0 };
  const reasons: Reason[] = [];
  const bad = new Map<ReasonCode, Reason>();
  let watches = 0;
  for (const { id, wds } of files) {
    const dance = danceTo(wds, asks);
    watches += wds.length;
    totals.asks += dance.asks;
    totals.creates += dance.creates;
    totals.deletes += dance.deletes;
    if (dance.fault !== null) addFault(bad, id, dance.fault);
  }
  reasons.push(...bad.values(), ...limitReasons(files.length, watches + (totals.deletes > 0 ? 1 : 0), conditions));
  const seconds = totals.deletes * SECONDS_PER_PAIR + (totals.creates - totals.deletes) * SECONDS_PER_WATCH;
  const left = leftBehind(files, totals.deletes > 0, conditions);
  return { space: 'inotify', outcome: worstOf(reasons), ...totals, seconds, left, reasons };
}

/** Whether the next watch descriptor can be asked for. */
export function canAskForWatches({ kernel, criu, target }: Conditions): boolean {
  return knows(NEXT_WD_SINCE, { kernel, criu }) && !target.cannotAsk?.includes('inotify-next-wd');
}

function addFault(bad: Map<ReasonCode, Reason>, file: number, { code, wd, got }: NonNullable<Dance['fault']>): void {
  const known = bad.get(code);
  if (known !== undefined) {
    if (known.ids.length < MOST_NAMED) known.ids.push(wd);
    return;
  }
  const at = `inotify file 0x${file.toString(16)}`;
  const unsorted =
    got === null
      ? null
      : `Unsorted watch 0x${got.toString(16)} found for 0x${file.toString(16)} with 0x${wd.toString(16)}`;
  const text =
    code === 'watch-twice'
      ? `${at} has the watch descriptor ${wd} twice`
      : `${at} has the watch descriptor ${wd}, outside 1…${INT_MAX}`;
  const remedy = 'dump again: the checkpoint is damaged';
  bad.set(code, { space: 'inotify', code, outcome: 'fails', ids: [wd], text, words: unsorted, remedy });
}

function limitReasons(files: number, watches: number, { target }: Conditions): Reason[] {
  const { maxUserWatches, userWatches = 0, maxUserInstances } = target;
  const reasons: Reason[] = [];
  const add = (
    code: ReasonCode,
    outcome: Reason['outcome'],
    text: string,
    words: string | null,
    remedy: string,
  ): void => {
    reasons.push({ space: 'inotify', code, outcome, ids: [], text, words, remedy });
  };
  if (maxUserInstances !== undefined && files > maxUserInstances) {
    const text = `${files} inotify files, and fs.inotify.max_user_instances is ${maxUserInstances}: all are charged to CRIU's user`;
    add(
      'instance-limit',
      'fails',
      text,
      "Can't create inotify for 0x",
      `set fs.inotify.max_user_instances to ${files} or more`,
    );
  }
  if (maxUserWatches !== undefined && watches > 0 && watches + userWatches > maxUserWatches) {
    const used = userWatches === 0 ? '' : `, ${userWatches} of them in use`;
    const text = `${watches} watches at most at a time, and fs.inotify.max_user_watches is ${maxUserWatches}${used}: all are charged to CRIU's user`;
    add(
      'watch-limit',
      'fails',
      text,
      "Can't add watch for 0x",
      `set fs.inotify.max_user_watches to ${watches + userWatches} or more`,
    );
  }
  const isOpen =
    (maxUserWatches === undefined && watches > USUAL_WATCHES) ||
    (maxUserInstances === undefined && files > USUAL_INSTANCES);
  if (isOpen) {
    const text = `${watches} watches at a time in inotify files, of which there are ${files}, and the target's limits are not known (at least ${USUAL_INSTANCES} and ${USUAL_WATCHES} unless lowered)`;
    add(
      'watches-unknown',
      'depends',
      text,
      null,
      'read fs.inotify.max_user_watches and max_user_instances on the target',
    );
  }
  return reasons;
}

function leftBehind(files: readonly InotifyFile[], isDanced: boolean, { criu }: Conditions): string[] {
  const withWatches = files.filter(({ wds }) => wds.length > 0).length;
  const left =
    withWatches === 0
      ? []
      : ['the next watch of each file gets the number after its highest one, whatever came next before the dump'];
  if (isDanced && criu !== null && isBefore(criu, [3, 13])) {
    left.push('a queued IN_IGNORED event for every watch that was removed on the way');
  }
  return left;
}
