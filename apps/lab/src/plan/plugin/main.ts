// The process around the plugin: its streams, folder and exit code.
import { onStandardStreams } from '../../cli/standard-streams.ts';
import { runPlugin, type Subcommand } from './run-plugin.ts';

/** Runs the plugin with the arguments of this process. @param subcommand What checkpointctl calls it: it has two names. */
export async function main(subcommand: Subcommand, description: string): Promise<void> {
  const terminal = { folder: process.cwd(), env: process.env };
  process.exitCode = await onStandardStreams(`checkpointctl ${subcommand}`, (streams) =>
    runPlugin(process.argv.slice(2), { subcommand, description }, { ...streams, ...terminal }),
  );
}
