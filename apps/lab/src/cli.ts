#!/usr/bin/env node
// The `idspace` command: the process's own streams, folder and exit code around the program.
try {
  const [{ run }, { onStandardStreams }, { userFolder }] = await Promise.all([
    import('./cli/program.ts'),
    import('./cli/standard-streams.ts'),
    import('./cli/terminal.ts'),
  ]);
  process.exitCode = await onStandardStreams('idspace', (streams) =>
    run(process.argv.slice(2), { ...streams, folder: userFolder(process.env, process.cwd()), env: process.env }),
  );
} catch (error) {
  // The program cannot be loaded, such as without a file handle. Node.js would end with 1, which says that a gate tripped.
  process.stderr.write(`idspace: ${(error as Error).message}\n`);
  process.exitCode = 3;
}

export {};
