import { kernelName } from '../engine/kernel-names.ts';

/** The title of a panel, with the kernel where two are beside each other. */
export function titleOf(title: string, kernel: string | undefined): string {
  return kernel === undefined ? title : `${title}, ${kernelName(kernel)}`;
}
