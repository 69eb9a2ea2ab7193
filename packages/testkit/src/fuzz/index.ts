export { joined } from './bytes.ts';
export { corrupt, corruptions, memoryOf, STAGES } from './corruptions.ts';
export { image } from './structures/framed.ts';
export { json, jsonLines } from './structures/json.ts';
export { protobuf } from './structures/protobuf.ts';
export { tar } from './structures/tar.ts';
export { lines } from './structures/text.ts';
export { finished, words } from './structures/words.ts';
export type { Draw, FuzzTarget, FuzzTargets, Structure, Words } from './target.ts';
