// Every order in which two or three actors can make their accesses, on the code that ships.
import { testProtocols } from '@idspace/testkit/explore-tests';
import { BROKEN, PROTOCOLS } from './support/protocols.ts';
import { SAMPLED_SYNC_PROTOCOLS } from './support/sync-protocols.ts';
import { SAMPLED_TABLE_PROTOCOLS } from './support/table-protocols.ts';
import { TWINS } from './support/twins.ts';

testProtocols(PROTOCOLS, BROKEN, TWINS, { ...SAMPLED_SYNC_PROTOCOLS, ...SAMPLED_TABLE_PROTOCOLS });
