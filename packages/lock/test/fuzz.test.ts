// What fuzzing has found and kept, and some changes at random: see docs/fuzzing.md.
import { join } from 'node:path';
import { fuzzTests } from '@idspace/testkit/fuzz-tests';
import { TARGETS } from '../fuzz/attached.ts';

fuzzTests(join(import.meta.dirname, '..', 'fuzz'), TARGETS);
