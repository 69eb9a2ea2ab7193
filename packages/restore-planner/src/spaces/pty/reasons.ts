// Says in words why a terminal is out of reach.
import { MOST_NAMED, type Reason } from '../reason.ts';
import { REACH } from './devpts.ts';
import type { PtyMaster } from './pty-master.ts';
import type { Chance } from './reach.ts';
import { DAMAGED } from './way-out.ts';

/** Says why a terminal is not sure to come. @param wayOut Of its devpts, from wayOutOf. */
export function chanceReason({ master, chance, lowest }: Chance, wayOut: string): Reason {
  const { index } = master;
  const about = { space: 'pty' as const, ids: [index] };
  if (chance === 'taken' || chance === 'twice') {
    const isTwice = chance === 'twice';
    const text = `pseudo-terminal ${index} is ${isTwice ? 'in the checkpoint twice' : 'in use on the target'}`;
    const remedy = isTwice ? DAMAGED : wayOut;
    return { ...about, code: 'pty-taken', outcome: 'fails', text, words: wordsOf(master), remedy };
  }
  if (chance === 'too-far') {
    const below = lowest === undefined ? 'one that is opened after it' : `the lowest free one, ${lowest}`;
    const text = `pseudo-terminal ${index} is more than ${REACH} above ${below}, and CRIU opens ${REACH} on the way at most`;
    return { ...about, code: 'pty-too-far', outcome: 'fails', text, words: wordsOf(master), remedy: wayOut };
  }
  const text = `pseudo-terminal ${index} is more than ${REACH} above the lowest free one, ${lowest}: it comes within reach only if the terminals of other processes are restored first`;
  return { ...about, code: 'pty-order', outcome: 'depends', text, words: null, remedy: wayOut };
}

/** Says that what is taken on the target is not known. */
export function unknownReason(masters: readonly PtyMaster[]): Reason {
  const ids = [...new Set(masters.map(({ index }) => index))].sort((a, b) => a - b).slice(0, MOST_NAMED);
  const text = 'which pseudo-terminals are in use in the devpts that the restore leads to is not known';
  const remedy =
    'list /dev/pts in the mount namespace that the restore leads to (a devpts that the checkpoint brings begins empty) and give it as ptysTaken; `idspace probe --facts` does so';
  return { space: 'pty', code: 'ptys-unknown', outcome: 'depends', ids, text, words: null, remedy };
}

function wordsOf({ index, fileId, fd, path }: PtyMaster): string {
  const id = `0x${fileId.toString(16)}`;
  return [
    ...(path === null ? [] : [`Unable to open ${path.replace(/^\/+/, '')} with specified index ${index}`]),
    `Can't open master pty ${id} (index ${index})`,
    `Unable to open fd=${fd} id=${id}`,
  ].join('\n');
}
