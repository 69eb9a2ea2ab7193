// The broken twin of each protocol: a lock that is taken in two, a look or a store left out, or a wrong call.
import type { Twins } from '@idspace/testkit/explore';

export const TWINS: Twins = {
  'a range erased while another thread counts': 'a count that takes no lock',
  'a range filled while another thread counts': 'compareExchange(lock) in two',
  'a range erased beside loads': 'without lock',
  'a range filled beside loads': 'without lock',
  'a range filled while another thread stores in it': 'without exchange(seat 3)',
  'a range filled while another thread erases it': 'compareExchange(lock) in two',
  'a load while the tree grows': 'a load that reads the root twice while the tree grows',
  'a load in a leaf that is freed': 'a load that reads the root twice while a leaf is freed',
  'a range filled by a thread that may be killed, while another erases it': 'compareExchange(lock) in two',
  'two stores at one index': 'a thread that does not care for the lock of a leaf',
  'two stores in one leaf, where nothing was': 'compareExchange(leaf lock 2) in two',
  'two inserts at one index': 'compareExchange(leaf lock 2) in two',
  'two exchanges of one entry': 'compareExchange(leaf lock 2) in two',
  'a store and an erase at one index': 'compareExchange(leaf lock 2) in two',
  'an insert and an erase after a load': 'without seat 3 =',
  'an insert at the index that alloc gives out': 'without exchange(seat 3)',
  'a load beside a store': 'without seat 2 =',
  'a store in a leaf whose other writer may be killed': 'without exchange(seat 2)',
  'a store in a leaf that another thread frees, and a load, 3 threads': 'without exchange(seat 3)',
  'a load in a leaf whose node is freed and used again': 'a load that does not look at the sequence',
  'a load in a leaf that was met before and is freed and used again':
    'a load in a leaf that was met before, without a look at the sequence',
  'a store where another thread erases that may be killed': 'compareExchange(leaf lock 2) in two',
  'two stores and a load at one index': 'compareExchange(leaf lock 2) in two',
  'a leaf freed by a thread that may be killed, while another stores in it': 'without exchange(seat 3)',
  'a leaf freed by a thread that may be killed, while another loads from it':
    'a load that reads the root twice while a leaf is freed',
  'a tree grown by a thread that may be killed, while another stores': 'without lock',
  'a tree grown by a thread that may be killed, while another loads':
    'a load that reads the root twice while the tree grows',
  'a node freed and used again by a thread that may be killed, beside a load':
    'a load that does not look at the sequence',
  'a range erased by a thread that may be killed, while another stores in it': 'without lock',
  'two erases that together empty a leaf': 'without lock',
  'an erase while its leaf becomes full': 'without exchange(seat 3)',
  'a range erased while another thread stores in it': 'without lock',
  'a store while the tree grows': 'without lock',
  'a store in a leaf that another thread frees': 'without exchange(seat 3)',
  'an erase while the entry gets a mark': 'a thread whose seat no writer looks at',
};
