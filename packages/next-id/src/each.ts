/** What visits values one after the other: typed as a Map's iterators, so with `map`, `take` and the like where TypeScript knows them. */
export type Each<T> = ReturnType<ReadonlyMap<T, unknown>['keys']>;
