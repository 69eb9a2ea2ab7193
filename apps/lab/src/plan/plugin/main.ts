// The process around the plugin: its streams, folder and exit code.
import { onStandardStreams } from '../../cli/standard-streams.ts';
import { runPlugin } from './run-plugin.ts';

/** Runs the plugin with the arguments of this process. */
export async function main(description: string): Promise<void> {
  process.exitCode = await onStandardStreams('checkpointctl timers', (streams) =>
    runPlugin(process.argv.slice(2), description, { ...streams, folder: process.cwd(), env: process.env }),
  );
}
