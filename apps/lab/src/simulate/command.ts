// idspace simulate: what a cache hierarchy would have done with a recorded program.
import type { Shell } from '../cli/shell.ts';
import type { SimulateFlags } from './flags.ts';
import { SIMULATE_HELP } from './help.ts';
import { SIMULATE_OPTIONS } from './options.ts';
import { simulate, tracesOf } from './run.ts';

/** Adds `idspace simulate`. */
export function addSimulate(shell: Shell): void {
  const command = shell
    .command('simulate')
    .summary('send a recorded memory trace through simulated caches')
    .description(
      'Sends a memory trace through two levels of simulated caches and prints what cachegrind would have: ' +
        'its nine counters, exactly, and the rates. Other caches, other rules and more to watch are flags away.',
    )
    .argument('[traces...]', 'the trace, plain or compressed; - for standard input; several: one for each core')
    .addHelpText('after', SIMULATE_HELP)
    .action(
      shell.action((traces: string[], { trace, ...flags }: SimulateFlags) => {
        return simulate(tracesOf(traces, trace), flags, shell.terminal);
      }),
    );
  for (const option of SIMULATE_OPTIONS) command.addOption(option);
}
