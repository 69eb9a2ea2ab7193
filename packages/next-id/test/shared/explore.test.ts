// Every order in which two or three threads can make their accesses, on the code that ships.
import { testProtocols } from '@idspace/testkit/explore-tests';
import { BROKEN, PROTOCOLS } from '../support/protocols.ts';

testProtocols(PROTOCOLS, BROKEN);
