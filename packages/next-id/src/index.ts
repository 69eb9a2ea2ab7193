export { NextId } from './next-id.ts';
