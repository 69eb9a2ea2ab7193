#!/usr/bin/env node
// The `ids` subcommand of checkpointctl, which finds programs named checkpointctl-* on the PATH and asks each for its
// description when its own help is shown: that answer must come within 500 ms, so nothing is imported for it.

const DESCRIPTION =
  'Tell which containers and processes of a checkpoint will not get their IDs and timers back, and why';
const DESCRIBED = 42; // the exit code by which checkpointctl knows that it is an answer

if (process.argv[2] === '--plugin-description') {
  process.stdout.write(`${DESCRIPTION}\n`);
  process.exitCode = DESCRIBED;
} else {
  const { main } = await import('./plan/plugin/main.ts');
  await main('ids', DESCRIPTION);
}
