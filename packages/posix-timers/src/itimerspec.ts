// struct itimerspec: when a timer goes off, and how often after that.

import { checkKeys, refused } from './misuse.ts';

/** A timer's setting, with seconds and nanoseconds apart as in the kernel. Both parts of the value 0: disarmed. */
export interface Itimerspec {
  /** Time to the first expiry: whole seconds, ≥ 0. */
  valueSec: number;
  /** 0…999,999,999. */
  valueNsec: number;
  /** Time between later expiries: whole seconds, ≥ 0; both parts 0 for a timer that goes off once. */
  intervalSec: number;
  /** 0…999,999,999. */
  intervalNsec: number;
}

/** settime flag: the value is a point in time, not a distance from now. */
export const TIMER_ABSTIME = 1;

const FIELDS: readonly string[] = [
  'valueSec',
  'valueNsec',
  'intervalSec',
  'intervalNsec',
] satisfies (keyof Itimerspec)[];

/** A second, in nanoseconds. */
const SECOND = 1_000_000_000;

/**
 * Tells if both times of a setting are such: the kernel refuses any other with EINVAL.
 *
 * @throws RangeError for what is not a setting, has a part that there is not, or one that is not an integer.
 * Source: timespec64_valid (include/linux/time64.h), 6.18.
 */
export function isValidSetting(setting: Itimerspec): boolean {
  checkKeys('setting', setting, FIELDS, 'an object, null or FAULT');
  const value = isValidTime('value', setting.valueSec, setting.valueNsec);
  const interval = isValidTime('interval', setting.intervalSec, setting.intervalNsec);
  return value && interval;
}

function isValidTime(name: string, sec: number, nsec: number): boolean {
  if (Number.isInteger(sec) && Number.isInteger(nsec)) return sec >= 0 && nsec >= 0 && nsec < SECOND;
  const [part, bad] = Number.isInteger(sec) ? ['Nsec', nsec] : ['Sec', sec];
  throw refused(`${name}${part}`, bad, 'an integer');
}
