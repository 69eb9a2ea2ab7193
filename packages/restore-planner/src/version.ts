// Versions as x.y, of kernels and of CRIU.

/** Major and minor number; what follows never changes how timer IDs are handed out. */
export type Version = readonly [major: number, minor: number];

/**
 * After x.y may come a patch level, which is a number, and whatever a distribution adds: '6.18.x' names no kernel, and neither does '6.01', which could mean
 * 6.1 or 6.10.
 */
const PATTERN = /^v?(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:(?:\.\d|[-+_~])\S*)?$/;

/** @returns null if the text is no version. */
export function parseVersion(text: string): Version | null {
  const match = PATTERN.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/** Turns the name of a git tag into that of its version: 'v6.1' is 6.1. */
export function withoutTagPrefix(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}

/** Tells whether a version is older than another. */
export function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
