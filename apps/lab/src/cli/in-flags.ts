// Errors of options, said of the flags that they came from.

import { misuse } from './failure.ts';
import { isRefusal } from './refusal.ts';

/** Options whose flags have another name. */
const FLAGS: Readonly<Record<string, string>> = { orders: 'order' };

/**
 * Says of options what is known as flags: 'timers' is --timers, 'processes × threads' --processes × --threads.
 *
 * @throws CommandError for a refusal, with exit status 2; any other error as it is.
 */
export function inFlags(error: unknown): never {
  if (!isRefusal(error)) throw error;
  const { argument, got, expected } = error;
  const flags = argument.split(' × ').map((option) => `--${FLAGS[option] ?? option}`);
  throw misuse(`${flags.join(' × ')}`, got, expected, { cause: error });
}
