// Every order in which two threads can make their accesses, on the code that ships.
import { testProtocols } from '@idspace/testkit/explore-tests';
import { BROKEN, PROTOCOLS, SAMPLED_PROTOCOLS } from '../support/protocols.ts';
import { TWINS } from '../support/twins.ts';

testProtocols(PROTOCOLS, BROKEN, TWINS, SAMPLED_PROTOCOLS);
