// Globals of Node.js that tests name, where a runtime is not Node: a process without variables and
// arguments, and stand-ins.
import { standIn } from './left-out.ts';

export const process: never = standIn('process', { env: {}, argv: [], platform: '', stdout: undefined });
export const Buffer: never = standIn('Buffer');
export const setImmediate = (callback: () => void): unknown => setTimeout(callback, 0);
