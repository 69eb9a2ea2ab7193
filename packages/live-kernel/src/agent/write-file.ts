// Writes a file through an agent, whose namespaces decide which settings of the kernel that are.
import type { Agents } from './agents.ts';
import { CALL } from './x64-calls.ts';

const O_WRONLY = 1;

/** Writes a text of at most 255 bytes. Returns 0, or −errno. */
export function writeFile(agents: Agents, path: string, text: string): number {
  const { memory } = agents;
  const file = agents.first(CALL.open, memory.text('path', path), O_WRONLY, 0);
  if (file < 0) return file;
  const result = agents.first(CALL.write, file, memory.text('text', text), text.length);
  agents.first(CALL.close, file);
  return Math.min(result, 0);
}
