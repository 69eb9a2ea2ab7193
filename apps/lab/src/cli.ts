#!/usr/bin/env node
// The `idspace` command: the process's own streams, folder and exit code around the program.
import { run } from './program.ts';
import { userFolder } from './terminal.ts';

for (const stream of [process.stdout, process.stderr]) {
  // The reader of a pipe has had enough (`idspace … | head`): end quietly.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await run(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  folder: userFolder(process.env, process.cwd()),
  env: process.env,
});
