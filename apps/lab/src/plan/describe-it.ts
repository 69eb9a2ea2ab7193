// What to do where a verdict depends on the machine.

/** Says how a machine is described. @param flag The one that takes the file. */
export function describeIt(flag = '--on'): string {
  return `\`idspace probe --facts > node.json\` there, then \`${flag} node.json\``;
}
