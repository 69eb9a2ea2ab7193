// What fuzzing has found and kept, and some changes at random: see docs/fuzzing.md.
import { join } from 'node:path';
import { fuzzTests } from '@idspace/testkit/fuzz-tests';
import { TARGETS as CHECKPOINTS } from '../fuzz/checkpoints.ts';
import { TARGETS as IMAGES } from '../fuzz/images.ts';
import { TARGETS as TEXTS } from '../fuzz/texts.ts';
import { TARGETS as ZSTD } from '../fuzz/zstd.ts';

fuzzTests(join(import.meta.dirname, '..', 'fuzz'), { ...CHECKPOINTS, ...IMAGES, ...TEXTS, ...ZSTD });
