// A process that is still running, by what /proc/PID tells of it.
import { readdir, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { openFile, type ReadOptions } from '../bytes/file-bytes.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { Checkpoint } from '../types.ts';
import { readListing } from './timers-text.ts';

/**
 * Reads the timers, threads and limit of a process, without stopping it.
 *
 * @param path A folder such as /proc/123.
 * @throws CheckpointError if the process is gone, may not be looked at, or the kernel lists no timers (CONFIG_CHECKPOINT_RESTORE).
 */
export async function readLiveProcess(path: string, options: ReadOptions): Promise<Checkpoint> {
  const file = await openFile(join(path, 'timers'), options);
  try {
    const { timers } = await readListing(file);
    const status = await textOf(join(path, 'status'));
    const tasks = await readdir(join(path, 'task')).catch((cause) => refuse(path, cause));
    const limit = /^Max pending signals +(\S+)/m.exec(await textOf(join(path, 'limits')))?.[1];
    return {
      source: path,
      format: 'proc-timers',
      complete: false,
      ...(path.startsWith('/proc/') && { kernelRelease: release() }),
      processes: [
        {
          pid: Number(/^Pid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
          ppid: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
          threads: tasks.map(Number).sort((a, b) => a - b),
          timers,
          rlimitSigpending: limit === undefined ? null : limit === 'unlimited' ? 2n ** 64n - 1n : BigInt(limit),
        },
      ],
    };
  } finally {
    await file.close();
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'latin1').catch((cause) => refuse(path, cause));
}

function refuse(file: string, cause: Error): never {
  throw new CheckpointError('unreadable', { file }, cause.message, 'a running process', cause);
}
