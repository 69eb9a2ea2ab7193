// The largest int, which is the highest ID of most ID spaces.
/** 2³¹ − 1. */
export const INT_MAX = 0x7fff_ffff;
