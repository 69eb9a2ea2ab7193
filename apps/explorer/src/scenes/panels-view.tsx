// The timeline's pictures of a scene's calls: the hash table or the tree as it is when all are made.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Session } from '../engine/session.ts';
import { DEFAULT_SETUP } from '../engine/setup.ts';
import { HashPanel } from '../panels/hash-panel.tsx';
import { TreePanel } from '../panels/tree-panel.tsx';
import type { Play } from './scene.ts';

/** Of a frame, ms: the rest is for drawing. */
const FRAME_WORK = 9;

/** Starts a session with a scene's calls; none is made yet. */
export function sessionOf({ release, operations }: Play): Session {
  return new Session({ ...DEFAULT_SETUP, release }, operations);
}

export function PanelsView({ play }: { play: Play }): JSX.Element {
  const session = useMemo(() => sessionOf(play), [play]);
  const made = useSignal(0);
  useEffect(() => {
    let frame = 0;
    const run = (): void => {
      const isDone = session.run(Number.POSITIVE_INFINITY, performance.now() + FRAME_WORK);
      made.value = session.position;
      if (!isDone) frame = requestAnimationFrame(run);
    };
    run();
    return () => cancelAnimationFrame(frame);
  }, [session]);
  if (made.value < session.length) return <p class="panel counting">Making the calls, on this page …</p>;
  return (
    <div class="timeline">
      <HashPanel session={session} version={made.value} />
      <TreePanel session={session} version={made.value} />
    </div>
  );
}
