// What people call a kernel or a design.

const PROPOSED: Readonly<Record<string, string>> = {
  dense: 'a kernel with dense IDs (lowest free, no restore call)',
  xarray: 'the proposed xarray kernel (dense IDs with a restore call)',
};

/** Names a kernel in a sentence: '6.1' → 'Linux 6.1'. */
export function kernelName(kernel: string): string {
  return PROPOSED[kernel] ?? `Linux ${kernel}`;
}

/** Names a kernel in a heading: '6.1' → 'Linux 6.1', 'dense' → 'dense kernel'. */
export function kernelLabel(kernel: string): string {
  return kernel in PROPOSED ? `${kernel} kernel` : `Linux ${kernel}`;
}
