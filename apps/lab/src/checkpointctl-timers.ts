#!/usr/bin/env node
// The `timers` subcommand of checkpointctl: the name that checkpointctl-ids had when it judged timers alone. It answers the same.

const DESCRIPTION =
  'Tell which containers and processes of a checkpoint will not get their IDs and timers back, and why';
const DESCRIBED = 42;

if (process.argv[2] === '--plugin-description') {
  process.stdout.write(`${DESCRIPTION}\n`);
  process.exitCode = DESCRIBED;
} else {
  const { main } = await import('./plan/plugin/main.ts');
  await main('timers', DESCRIPTION);
}
