#!/usr/bin/env node
// The `idspace` command: the process's own streams, folder and exit code around the program.
import { run } from './cli/program.ts';
import { onStandardStreams } from './cli/standard-streams.ts';
import { userFolder } from './cli/terminal.ts';

process.exitCode = await onStandardStreams('idspace', (streams) =>
  run(process.argv.slice(2), { ...streams, folder: userFolder(process.env, process.cwd()), env: process.env }),
);
