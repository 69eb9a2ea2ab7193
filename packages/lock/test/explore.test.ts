// Every order in which two or three actors can make their accesses, on the code that ships.
import { testProtocols } from '@idspace/testkit/explore-tests';
import { BROKEN, PROTOCOLS } from './support/protocols.ts';
import { SAMPLED_SYNC_PROTOCOLS } from './support/sync-protocols.ts';

testProtocols(PROTOCOLS, BROKEN, SAMPLED_SYNC_PROTOCOLS);
