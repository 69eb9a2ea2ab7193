// Every order in which two or three threads can make their accesses, on the code that ships.
import { testProtocols } from '@idspace/testkit/explore-tests';
import { OWNER_PROTOCOLS } from '../support/owner-protocols.ts';
import { BROKEN, PROTOCOLS } from '../support/protocols.ts';
import { TWINS } from '../support/twins.ts';

testProtocols(PROTOCOLS, BROKEN, TWINS, OWNER_PROTOCOLS);
