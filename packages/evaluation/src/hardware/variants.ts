// A machine with each uncertain value at the end of its range in turn, to see how much a result depends on it.
import type { Hardware, HardwareParameters, Parameter } from './hardware.ts';

/** Returns the machine itself, then one for each parameter with that at value × uncertainty. */
export function hardwareAndVariants(machine: Hardware): Hardware[] {
  const { readNs, ...single } = machine.parameters;
  const withParameters = (changed: Partial<HardwareParameters>): Hardware => ({
    ...machine,
    parameters: { ...machine.parameters, ...changed },
  });
  return [
    machine,
    ...readNs.map((_, level) =>
      withParameters({ readNs: readNs.map((read, at) => (at === level ? atItsEnd(read) : read)) }),
    ),
    ...Object.entries(single).map(([name, parameter]) => withParameters({ [name]: atItsEnd(parameter) })),
  ];
}

function atItsEnd(parameter: Parameter): Parameter {
  return { ...parameter, value: parameter.value * parameter.uncertainty };
}

/** A value with the range that the uncertainties leave it. */
export interface Ranged {
  value: number;
  low: number;
  high: number;
}

/** Combines what the machine and its variants give: independent effects add up as squares of their logarithms. */
export function ranged([value, ...variants]: readonly number[]): Ranged {
  const squares = variants.reduce((sum, other) => sum + Math.log(other / value) ** 2, 0);
  const factor = Math.exp(Math.sqrt(squares));
  return { value, low: value / factor, high: value * factor };
}
