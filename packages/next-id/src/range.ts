// The largest numbers that an ID can be.

/** The largest ID of a u31: 2³¹ − 1. */
export const INT_MAX = 0x7fff_ffff;

/** The largest u32: 2³² − 1. */
export const UINT_MAX = 0xffff_ffff;
