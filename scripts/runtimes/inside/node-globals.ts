// Globals of Node.js that tests name, where a runtime is not Node: a process without variables and
// arguments, and what is made of a library.
import { standIn } from './left-out.ts';

export { Buffer } from 'buffer/';
export const process: never = standIn('process', { env: {}, argv: [], platform: '', stdout: undefined, version: '' });
export const setImmediate = (callback: () => void): unknown => setTimeout(callback, 0);
