// @idspace/cache-profile: which lines of a JavaScript program miss the cache, and what its threads do to each other.
export type { Refusal } from './misuse.ts';
export type {
  ArrayProfile,
  CacheCounts,
  Counts,
  LineProfile,
  Profile,
  SharedLineProfile,
  SharingPlace,
  ThreadProfile,
  Walk,
} from './profile.ts';
export { missesOf } from './profile.ts';
export { ProfileError, type ProfileErrorCode } from './profile-error.ts';
export {
  type ProfileOptions,
  type ProgramProfile,
  profileProgram,
  type RunningProgram,
  type StopSignal,
} from './profile-program.ts';
