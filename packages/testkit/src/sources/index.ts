// How tests start programs from the sources.
export { kept, sourcesOfPackages } from './kept.ts';

/** Flags under which Node.js runs the TypeScript files of the repository, in a process or a worker thread. */
export const FROM_SOURCES: readonly string[] = ['--import', new URL('./register.mjs', import.meta.url).href];
