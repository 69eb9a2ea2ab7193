// The file descriptors of browser_wasi_shim, as POSIX has them.
import type { Fd, WASI } from '@bjorn3/browser_wasi_shim';
import { FdTable } from './fd-table.ts';

const SUCCESS = 0;
const ERRNO_BADF = 8;
const ERRNO_MFILE = 33;

/**
 * Makes a WASI of browser_wasi_shim give opened files the lowest free number; of its own, it gives each a new one, and its
 * array of files only grows. Call it before the program starts.
 *
 * @param limit How many files can be open, those of the constructor included; path_open fails with MFILE beyond that.
 * @returns The table.
 */
export function useLowestFds(wasi: WASI, limit?: number): FdTable<Fd> {
  const table = new FdTable<Fd>(limit, wasi.fds);
  const imports = wasi.wasiImport;
  const { path_open, fd_close } = imports as Record<string, (...args: unknown[]) => number>;

  imports.path_open = (...args: unknown[]) => {
    // Before a file is made: O_CREAT must not leave one behind.
    if (table.isFull) return ERRNO_MFILE;
    const errno = path_open!(...args);
    if (errno !== SUCCESS) return errno;
    // It has pushed the file and written its place.
    const fd = table.open(wasi.fds.pop()!);
    new DataView(wasi.inst.exports.memory.buffer).setUint32(args[8] as number, fd, true);
    return SUCCESS;
  };

  imports.fd_close = (fd: number) => {
    const errno = fd_close!(fd);
    // As close(2): the number is free, whatever the file says.
    table.close(fd);
    return errno;
  };

  imports.fd_renumber = (from: number, to: number) => {
    const replaced = table.get(to);
    if (!table.renumber(from, to)) return ERRNO_BADF;
    if (from !== to) replaced!.fd_close();
    return SUCCESS;
  };
  return table;
}
