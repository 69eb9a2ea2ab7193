// Several checkpoints on one node: what all of them together are charged for there.

import type { Charges } from './charges.ts';
import { checkRoomOptions } from './check-input.ts';
import { grouped } from './grouped.ts';
import { OUTCOMES, type Outcome, worstOutcome } from './outcome.ts';
import type { Reason } from './spaces/reason.ts';
import type { Target } from './spaces/target.ts';
import { type RoomOptions, roomOptions } from './spaces/timers/room.ts';
import { type Share, sharedOutcome } from './spaces/timers/shared-limit.ts';
import type { PlanOptions } from './types.ts';

/** What is charged on a node when all of some checkpoints are restored there. */
export interface NodePlan {
  /** Sums over the checkpoints, without what the node has in use already. */
  timers: number;
  watches: number;
  instances: number;
  aioRequests: number;
  /** Whether all of them can be restored there: `depends` where a limit is not known, or the order decides. */
  outcome: Outcome;
  /** Why not; what decides the outcome first. */
  reasons: Reason[];
  /** How many of them, the first in the order given, can be restored there for certain. */
  fit: number;
}

type Options = Pick<PlanOptions, 'sigpending' | 'sigq' | 'target'>;

/**
 * Tells whether checkpoints that can each be restored on a node can all be restored there. A restored object stays charged: timers, watches and inotify files
 * to the user who ran CRIU, AIO requests to the machine.
 *
 * Charges alone are compared: two checkpoints may still want the same PID or terminal, if they bring no namespaces of their own.
 * @param charges From {@link chargesOf}, of each checkpoint that is to go there.
 * @throws RangeError as planRestore, for a limit, charge or target.
 * Cost: O(n log n) in the number of checkpoints.
 */
export function planNode(charges: readonly Charges[], options: Options): NodePlan {
  checkRoomOptions(options);
  const { target = {} } = options;
  const reasons = reasonsFor(charges, options, target);
  const rank = ({ outcome }: Reason): number => OUTCOMES.indexOf(outcome);
  return {
    ...totalsOf(charges),
    outcome: worstOutcome(reasons.map(({ outcome }) => outcome)),
    reasons: reasons.sort((a, b) => rank(b) - rank(a)),
    fit: reasons.length === 0 ? charges.length : longestFit(charges, options, target),
  };
}

type Totals = Pick<NodePlan, 'timers' | 'watches' | 'instances' | 'aioRequests'>;

function totalsOf(charges: readonly Charges[]): Totals {
  const totals = { timers: 0, watches: 0, instances: 0, aioRequests: 0 };
  for (const { timers, watches, instances, aioRequests } of charges) {
    for (const share of timers) totals.timers += share.timers;
    totals.watches += watches;
    totals.instances += instances;
    totals.aioRequests += aioRequests;
  }
  return totals;
}

/** Fewer checkpoints never fit worse, so that the longest row that fits is found by halving. */
function longestFit(charges: readonly Charges[], options: Options, target: Target): number {
  let [fits, fails] = [0, charges.length];
  while (fails - fits > 1) {
    const middle = (fits + fails) >>> 1;
    if (reasonsFor(charges.slice(0, middle), options, target).length === 0) fits = middle;
    else fails = middle;
  }
  return fits;
}

function reasonsFor(charges: readonly Charges[], options: Options, target: Target): Reason[] {
  const totals = totalsOf(charges);
  return [
    ...timerReasons(charges, totals, roomOptions(options)),
    ...watchReasons(totals, target),
    ...aioReasons(totals, target),
  ];
}

function timerReasons(charges: readonly Charges[], { timers }: Totals, room: RoomOptions): Reason[] {
  const { sigpending, sigq = 0, ofCriu = Number.POSITIVE_INFINITY } = room;
  const shares = charges.flatMap(({ timers }): Share[] =>
    timers.map(({ limit, timers }) => ({
      timers,
      limit: Number(sigpending ?? Math.min(limit ?? Number.POSITIVE_INFINITY, ofCriu)),
    })),
  );
  const outcome = sharedOutcome(shares, sigq);
  if (outcome === 'ok') return [];
  const lowest = shares.reduce((low, { limit }) => Math.min(low, limit), Number.POSITIVE_INFINITY);
  const before = sigq === 0 ? '' : `, beside ${grouped(sigq)} that are charged already,`;
  const text = `all ${grouped(timers)} timers${before} are charged to CRIU's user, and the lowest RLIMIT_SIGPENDING is ${grouped(lowest)}${outcome === 'depends' ? ': not in every order do they fit' : ''}`;
  return [
    reason(
      'timers',
      'node-timers',
      outcome,
      text,
      "Can't create posix timer - ",
      'send some of them to another node, or raise the limit of the processes before the dump (prlimit --sigpending)',
    ),
  ];
}

/** What kernels allow if nothing else is set: fs/notify/inotify/inotify_user.c. */
const USUAL_WATCHES = 8192;
const USUAL_INSTANCES = 128;

function watchReasons({ watches, instances }: Totals, target: Target): Reason[] {
  const { maxUserWatches, userWatches = 0, maxUserInstances } = target;
  const reasons: Reason[] = [];
  if (maxUserInstances !== undefined && instances > maxUserInstances) {
    const text = `all ${grouped(instances)} inotify files are charged to CRIU's user, and fs.inotify.max_user_instances is ${grouped(maxUserInstances)}`;
    reasons.push(
      reason(
        'inotify',
        'node-instances',
        'fails',
        text,
        "Can't create inotify for 0x",
        `set it to ${instances} or more`,
      ),
    );
  }
  if (maxUserWatches !== undefined && watches > 0 && watches + userWatches > maxUserWatches) {
    const used = userWatches === 0 ? '' : `, ${grouped(userWatches)} of them in use`;
    const text = `all ${grouped(watches)} watches are charged to CRIU's user, and fs.inotify.max_user_watches is ${grouped(maxUserWatches)}${used}`;
    reasons.push(
      reason(
        'inotify',
        'node-watches',
        'fails',
        text,
        "Can't add watch for 0x",
        `set it to ${watches + userWatches} or more`,
      ),
    );
  }
  const open = [
    ...(maxUserInstances === undefined && instances > USUAL_INSTANCES ? ['max_user_instances'] : []),
    ...(maxUserWatches === undefined && watches > USUAL_WATCHES ? ['max_user_watches'] : []),
  ];
  for (const name of open) {
    const [count, what, usual] =
      name === 'max_user_watches' ? [watches, 'watches', USUAL_WATCHES] : [instances, 'inotify files', USUAL_INSTANCES];
    const text = `all ${grouped(count)} ${what} are charged to CRIU's user, and fs.inotify.${name} is not known (at least ${grouped(usual)} unless lowered)`;
    reasons.push(unknown('inotify', text, `read fs.inotify.${name} on the node`));
  }
  return reasons;
}

function aioReasons({ aioRequests }: Totals, { aioNr, aioMaxNr }: Target): Reason[] {
  if (aioRequests === 0) return [];
  const needed = aioRequests + (aioNr ?? 0);
  if (aioMaxNr !== undefined && needed > aioMaxNr) {
    const used = aioNr === undefined ? '' : `, of which ${grouped(aioNr)} are in use`;
    const text = `all AIO rings need ${grouped(aioRequests)} requests, and fs.aio-max-nr allows the machine ${grouped(aioMaxNr)}${used}`;
    return [
      reason('aio', 'node-aio', 'fails', text, 'Ring setup failed with -11', `set fs.aio-max-nr to ${needed} or more`),
    ];
  }
  if (aioMaxNr !== undefined && aioNr !== undefined) return [];
  const text = `all AIO rings need ${grouped(aioRequests)} requests, and how many the node has left is not known`;
  return [unknown('aio', text, 'read /proc/sys/fs/aio-nr and aio-max-nr on the node')];
}

function reason(
  space: Reason['space'],
  code: Reason['code'],
  outcome: Reason['outcome'],
  text: string,
  words: string,
  remedy: string,
): Reason {
  return { space, code, outcome, ids: [], text, words: outcome === 'depends' ? null : words, remedy };
}

function unknown(space: Reason['space'], text: string, remedy: string): Reason {
  return { space, code: 'node-unknown', outcome: 'depends', ids: [], text, words: null, remedy };
}
