// The bounds every design keeps to.

/** The largest ID, 2³¹ − 1. */
export const INT_MAX = 0x7fff_ffff;
/** "Let the design choose the ID." */
export const ANY_ID = -1;
