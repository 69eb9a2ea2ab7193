// The protocols of all packages of the repository.
import { existsSync, readdirSync } from 'node:fs';
import type { ProtocolsModule, Twins } from './twins.ts';

/** The packages that have protocols, with the twins of these. */
export async function allProtocols(): Promise<(ProtocolsModule & { name: string; twins: Twins })[]> {
  const packages = new URL('../../../', import.meta.url);
  const names = readdirSync(packages).filter((name) =>
    existsSync(new URL(`${name}/test/support/protocols.ts`, packages)),
  );
  return Promise.all(
    names.map(async (name) => {
      const load = (file: string): Promise<unknown> => import(new URL(`${name}/test/support/${file}`, packages).href);
      const protocols = (await load('protocols.ts')) as ProtocolsModule;
      const { TWINS } = (await load('twins.ts')) as { TWINS: Twins };
      return { name, ...protocols, twins: TWINS };
    }),
  );
}
