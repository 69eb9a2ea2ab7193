// What is said of a file that cannot be read.
import { CheckpointError } from '../checkpoint-error.ts';

/** Makes the error for a file that cannot be read. @param cause Of the file system. */
export function unreadable(file: string, cause: NodeJS.ErrnoException, expected = 'a readable file'): CheckpointError {
  const isForbidden = cause.code === 'EACCES' || cause.code === 'EPERM';
  const got = isForbidden ? 'no permission to read it' : cause.message;
  const wanted = isForbidden ? `${expected}: run as root, or as the user it belongs to` : expected;
  return new CheckpointError('unreadable', { file }, got, wanted, cause);
}
