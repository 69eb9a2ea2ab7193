// The broken twins of protocols: the same actors, with one mistake that an exploration must find.
import { explore } from './explore.ts';
import type { Exploration, Mistake, Protocol } from './protocol.ts';

/** A protocol that does not hold, and words of the failure that shows it. */
export interface BrokenProtocol {
  readonly protocol: Protocol;
  readonly message: string;
}

/** By protocol, its twin: the mistake that it finds, or the name of a broken protocol in which the same actors play. */
export type Twins = Readonly<Record<string, string>>;

/** What a package's `test/support/protocols.ts` exports. */
export interface ProtocolsModule {
  readonly PROTOCOLS: Readonly<Record<string, Protocol>>;
  /** What holds, and takes seconds to hours to the end. */
  readonly LARGE_PROTOCOLS?: Readonly<Record<string, Protocol>>;
  readonly BROKEN?: Readonly<Record<string, BrokenProtocol>>;
  /** What does not hold on weak memory, also where the shipped code makes its ordered accesses by Atomics. */
  readonly WEAKLY_BROKEN?: Readonly<Record<string, BrokenProtocol>>;
}

/**
 * The broken twin of a protocol.
 *
 * @throws RangeError if none is named, or if a broken protocol is named whose actors are others.
 */
export function twinOf(
  name: string,
  protocol: Protocol,
  twins: Twins,
  broken: ProtocolsModule['BROKEN'] = {},
): BrokenProtocol {
  const twin = twins[name];
  if (twin === undefined) throw new RangeError(`explore: twins: got none of '${name}', expected one for each protocol`);
  const made = broken[twin];
  if (made === undefined) return { protocol: { ...protocol, mistake: twin as Mistake }, message: '' };
  const [actors, others] = [protocol, made.protocol].map((one) => Object.keys(one.actors).join(', '));
  if (actors === others) return made;
  throw new RangeError(`explore: twins: got '${twin}', whose actors are ${others}, expected ${actors} as in '${name}'`);
}

/** Explores what does not hold until a failure is found, more widely each time: few schedules show most mistakes. */
export function findFailure(
  protocol: Protocol,
  widths: readonly number[] = [25, 250, Number.POSITIVE_INFINITY],
  weak = false,
): Exploration {
  let found = explore(protocol, { width: widths[0]!, weak });
  for (const width of widths.slice(1)) if (found.failure === null) found = explore(protocol, { width, weak });
  return found;
}
