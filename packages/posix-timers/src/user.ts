// The users that timers are charged to: RLIMIT_SIGPENDING is counted per user over all processes, and each timer holds one count from creation
// to deletion (struct ucounts, UCOUNT_RLIMIT_SIGPENDING).

import { checkInteger } from './int32.ts';

const UINT_MAX = 0xffff_ffff;

/** A user and the signals preallocated in its name. */
export class User {
  readonly uid: number;
  /** Position in the kernel's list of users: what a timer remembers. */
  readonly index: number;
  /** Charges held now, by all processes together. */
  pending = 0;

  constructor(uid: number, index: number) {
    this.uid = uid;
    this.index = index;
  }
}

/** Every user seen so far. Users are never forgotten: a timer may be charged to one that runs no process any more. */
export class Users {
  readonly list: User[] = [];
  private byUid = new Map<number, User>();

  /**
   * Returns the user of a uid, made on first sight.
   *
   * @throws RangeError if the uid is not a u32.
   */
  of(uid: number): User {
    checkInteger('uid', uid, 0, UINT_MAX);
    let user = this.byUid.get(uid);
    if (user === undefined) {
      user = new User(uid, this.list.length);
      this.list.push(user);
      this.byUid.set(uid, user);
    }
    return user;
  }

  /** Takes a charge back from the user at a position in the list. */
  uncharge(index: number): void {
    this.list[index].pending--;
  }

  /**
   * Returns what a user is charged with; 0 for one never seen.
   *
   * @throws RangeError if the uid is not a u32.
   */
  pendingOf(uid: number): number {
    return this.byUid.get(checkInteger('uid', uid, 0, UINT_MAX))?.pending ?? 0;
  }
}
