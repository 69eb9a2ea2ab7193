// What errors of the file system say, in words.

/** By code, of a file that is read. */
const READ: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENAMETOOLONG: 'a name that is too long',
  ELOOP: 'links that lead to each other',
};

/** And where those of a file that is written differ. */
const WRITTEN: Readonly<Record<string, string>> = {
  ...READ,
  ENOENT: 'a place where nothing can be made',
  ENOTDIR: 'a path through a file',
  EACCES: 'no permission to write it',
  EPERM: 'no permission to write it',
  EROFS: 'a read-only file system',
  ENOSPC: 'a full disk',
  EDQUOT: 'a full quota',
  EFBIG: 'a limit to the size of files',
  EBUSY: 'a mount point, which cannot be replaced',
};

/** Says what became of reading a file: 'no such file'. A code without words stays as it is. */
export function readProblem(cause: unknown): string {
  return problem(cause, READ);
}

/** Says what became of writing a file: 'a full disk'. */
export function writeProblem(cause: unknown): string {
  return problem(cause, WRITTEN);
}

function problem(cause: unknown, words: Readonly<Record<string, string>>): string {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  return words[code] ?? (code === '' ? String(cause) : code);
}
