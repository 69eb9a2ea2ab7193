// The scenes' counter on the page: the worker.
import { Thread } from '../worker/thread.ts';
import type { Counter, SceneCalls } from './counter.ts';

const thread = new Thread<SceneCalls>();

export const PAGE_COUNTER: Counter = {
  strideCost: (question) => thread.ask('strideCost', question),
  lookupCost: (question) => thread.ask('lookupCost', question),
  lockWaits: (question) => thread.ask('lockWaits', question),
};
