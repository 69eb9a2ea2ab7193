export { BUDGET_SHARE, budget, budgetShare, pairsWithinBudget, sizeWithinBudget, withinBudget } from './budget.ts';
export { type Attempt, FailingAllocations } from './failing-allocations.ts';
export { HANG_MS } from './hang.ts';
export { HistoryLog } from './history.ts';
export { explainRegister, type RegisterCall, type RegisterEvent } from './linearizable.ts';
export { type Model, type Operation, runModel } from './model.ts';
export { type Random, random } from './random.ts';
export type { Stress, StressCounts, StressOptions } from './stress.ts';
