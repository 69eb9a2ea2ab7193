// The broken twin of each protocol: a change of a bitmap or counter in two, or a look or change left out.
import type { Twins } from '@idspace/testkit/explore';

export const TWINS: Twins = {
  'three take the next ID': 'compareExchange(next) in two',
  'three take the next ID around the end of a short lap': 'compareExchange(next) in two',
  'three take the next ID around the end of the longest lap': 'add(next) in two',
  'three allocate the lowest ID': 'or(bits 0) in two',
  'two allocate twice, cyclic': 'or(bits 0) in two',
  'one frees in a full word while another allocates above it': 'without load(bits 0)',
  'one frees twice while another allocates twice': 'compareExchange(summary 0) in two',
  'two allocate, one may be killed': 'without or(bits 0)',
  'one takes the last ID while another gives one back': 'or(bits 0) in two',
  'one takes the last ID, and may be killed, while another gives one back': 'compareExchange(bits 0) in two',
  'one takes the last ID while another gives one back, after as many deaths as are counted': 'pins that wrap',
  'one gives back to a full pool of two levels, another takes': 'without load(summary 0)',
  'one gives back to a full pool of two levels, and may be killed, another takes': 'without or(bits 0)',
  'two give back to a full pool of two levels, in one word': 'compareExchange(summary 0) in two',
  'two give back to a full pool of two levels, in two words, and one may be killed':
    'compareExchange(summary 0) in two',
  'one fills a pool of two levels while another gives back': 'compareExchange(top 0) in two',
  'one fills a pool of two levels, and may be killed, while another gives back': 'without or(bits 0)',
  'one takes the last ID of two levels while another gives one back and takes it again':
    'a tree that takes back what it closed, and nothing above',
  'pool with owners, one takes an ID and may be killed': 'without signatures',
  'pool with owners, one takes and frees an ID and may be killed': 'without signatures',
  'two take the last IDs of a pool while a third gives one back, and one may be killed':
    'compareExchange(bits 0) in two',
  'two give back to a full pool while a third takes, and one may be killed': 'compareExchange(summary 0) in two',
};
