// One kernel, call by call: everything on one screen, along one line of time.
import { Fragment, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fromLink, LinkError, toLink } from '../engine/link.ts';
import { operation } from '../engine/operations.ts';
import { testText } from '../engine/test-text.ts';
import { type Key, useKeys } from '../shell/keys.tsx';
import { hashOf, rewrite, route } from '../shell/route.ts';
import { CachePanel } from './cache-panel.tsx';
import { ActionBar, copy, PlayerBar, SetupBar } from './controls.tsx';
import { CostPanel, LocksPanel } from './cost-panel.tsx';
import { HashPanel } from './hash-panel.tsx';
import { IdLine } from './id-line.tsx';
import { LogPanel } from './log-panel.tsx';
import './panels.css';
import { DEFAULT_SETUP } from '../engine/setup.ts';
import { EXAMPLES } from './examples.ts';
import { Player } from './store.ts';
import { TreePanel } from './tree-panel.tsx';

/** Milliseconds without a change after which the URL has the state. */
const SETTLED = 400;

let made: Player | undefined;

/** The one of this view: it is there again when one comes back from another view. Made when it is first shown: other views, and the worker, have none. */
const player = (): Player => {
  made ??= new Player({
    setup: { ...DEFAULT_SETUP, ...EXAMPLES[0].setup },
    operations: EXAMPLES[0].operations,
    position: Number.MAX_SAFE_INTEGER,
    access: Number.MAX_SAFE_INTEGER,
  });
  return made;
};
let opened = '';

export function TimelineView(): JSX.Element {
  const session = player().session.value;
  const beside = player().beside.value;
  const version = player().version.value;
  const [error, setError] = useState('');
  const [shown, setShown] = useState('');
  useKeys(keys());
  useEffect(() => {
    void open(setError);
  }, [route.value]);
  useEffect(() => {
    const timer = setTimeout(() => void remember(), SETTLED);
    return () => clearTimeout(timer);
  }, [version]);
  const fail = (problem: unknown): void => setError(problem instanceof Error ? problem.message : String(problem));
  const onLink = async (): Promise<void> => {
    const link = await toLink(session.state);
    await copy(`${location.href.split('#')[0]}${hashOf('timeline', link)}`, 'The link', setShown);
  };
  const onTest = async (): Promise<void> => copy(testText(session), 'The test', setShown);
  return (
    <div class="timeline">
      {error !== '' && (
        <p class="error" role="alert">
          {error}{' '}
          <button type="button" onClick={() => setError('')}>
            Close
          </button>
        </p>
      )}
      <SetupBar player={player()} />
      <ActionBar player={player()} />
      <PlayerBar player={player()} onLink={() => void onLink().catch(fail)} onTest={() => void onTest().catch(fail)} />
      {shown !== '' && (
        <div class="panel shown">
          <textarea readOnly rows={Math.min(20, shown.split('\n').length)} value={shown} aria-label="Text to copy" />
          <button type="button" onClick={() => setShown('')}>
            Close
          </button>
        </div>
      )}
      <div class="grid">
        <IdLine session={session} version={version} />
        <div class="tables">
          {(beside === null ? [session] : [session, beside]).map((each) => (
            <Fragment key={each.setup.release}>
              <HashPanel session={each} version={version} {...(beside !== null && { kernel: each.setup.release })} />
              <TreePanel session={each} version={version} {...(beside !== null && { kernel: each.setup.release })} />
            </Fragment>
          ))}
        </div>
        <CachePanel session={session} version={version} onAccess={(access) => player().showAccesses(access)} />
        <CostPanel session={session} beside={beside} />
        <LocksPanel session={session} />
        <LogPanel session={session} onGo={(position) => player().goTo(position)} />
      </div>
    </div>
  );
}

/** Shows what the URL says, where that is not what is shown. */
async function open(setError: (text: string) => void): Promise<void> {
  const { view, state } = route.value;
  if (view !== 'timeline' || state === '' || state === opened) return;
  opened = state;
  try {
    player().open(await fromLink(state));
    setError('');
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    setError(error.message);
  }
}

/** Puts the state into the URL, where it fits: a reload shows the same. */
async function remember(): Promise<void> {
  if (player().playing.value) return;
  const link = await toLink(player().session.value.state).catch(() => '');
  if (route.value.view !== 'timeline') return;
  opened = link;
  rewrite('timeline', link);
}

function keys(): Key[] {
  const key = (name: string, label: string, does: string, run: () => void): Key => ({ key: name, label, does, run });
  return [
    key(' ', 'Space', 'play or pause', () => player().toggle()),
    key('ArrowRight', '→', 'one access on', () => player().stepAccess()),
    key('ArrowLeft', '←', 'one access back', () => player().backAccess()),
    key('ArrowDown', '↓', 'one call on', () => player().stepCall()),
    key('ArrowUp', '↑', 'one call back', () => player().backCall()),
    key('Home', 'Home', 'to the beginning', () => player().goTo(0)),
    key('End', 'End', 'to the end', () => player().goTo(player().session.value.length)),
    key('[', '[', 'slower', () => player().setSpeed(player().speed.value - 1)),
    key(']', ']', 'faster', () => player().setSpeed(player().speed.value + 1)),
    key('c', 'c', 'create a timer', () => player().apply(operation('create'))),
    key('d', 'd', 'delete a random timer', () => player().apply(operation('delete-random'))),
    key('l', 'l', 'look a random timer up', () => player().apply(operation('lookup-random'))),
    key('u', 'u', 'undo', () => player().undo()),
  ];
}
