// The broken twin of each protocol: a lock that is taken in two, or a look or a release left out.
import type { Twins } from '@idspace/testkit/explore';

export const TWINS: Twins = {
  'lookup by sequence, the entry removed and used again, 2 actors': 'a lookup that does not read the sequence again',
  'lookup past an entry that is removed': 'without sequence',
  'two that add the same key': 'compareExchange(lock) in two',
  'one that adds what is new and may be killed': 'compareExchange(lock) in two',
  'a handle replaced while its entry is removed and used again': 'a replacement without the lock',
  'a handle replaced and looked up': 'without exchange(lock)',
  'two that compare and exchange': 'a comparison without the lock',
  'one that takes the last free entry and may be killed, one that gives one back': 'compareExchange(lock) in two',
  'one that removes and may be killed, one that adds': 'without head',
  'one that adds and may be killed, another that adds': 'without head',
  'one that replaces and may be killed': 'compareExchange(lock) in two',
  'two that want the last free entry, one of which may be killed': 'two that take the last free entry from each other',
  'two that want the last free entry, one of which may be killed, while a third gives one back':
    'compareExchange(pool lock) in two',
  'one key added, removed and looked up, 3 actors': 'without exchange(lock)',
  'one that takes out what it refuses and may be killed': 'compareExchange(lock) in two',
};
