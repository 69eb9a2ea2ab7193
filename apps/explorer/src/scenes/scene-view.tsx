// A scene as shown: its idea, a guess, a sentence to drag, something to try, and the way to the next one.
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../shell/announce.tsx';
import { useKeys } from '../shell/keys.tsx';
import { goTo, hashOf, route } from '../shell/route.ts';
import { Explained } from '../shell/term.tsx';
import { AgainView } from './again-view.tsx';
import { SCENES } from './list.ts';
import { LocksView } from './locks-view.tsx';
import { PanelsView } from './panels-view.tsx';
import type { Scene } from './scene.ts';
import { ScheduleView } from './schedule-view.tsx';
import { SentenceView } from './sentence-view.tsx';
import { Stage, TimelineButton } from './stage.tsx';
import { StridesView } from './strides-view.tsx';
import { ToldView } from './told-view.tsx';
import './scenes.css';

/** As in scenes.css. */
const BESIDE = '(width >= 55rem)';
const EXHIBITS = { again: AgainView, locks: LocksView, strides: StridesView, schedule: ScheduleView } as const;

export function SceneView(): JSX.Element {
  const wanted = SCENES.findIndex(({ name }) => name === route.value.state);
  const number = Math.max(wanted, 0);
  const isNext = useRef(false);
  useEffect(() => {
    isNext.current = true;
  }, []);
  const go = (to: number): void => {
    if (SCENES[to] !== undefined) goTo('scenes', SCENES[to].name);
  };
  useKeys([
    { key: 'ArrowRight', label: '→', does: 'next scene', run: () => go(number + 1) },
    { key: 'ArrowLeft', label: '←', does: 'previous scene', run: () => go(number - 1) },
  ]);
  return (
    <div class="scenes">
      <Contents number={number} />
      <SceneArticle key={SCENES[number].name} scene={SCENES[number]} number={number} isNext={isNext.current} />
    </div>
  );
}

/** The list of scenes: beside the scene where there is room, else folded above it. */
function Contents({ number }: { number: number }): JSX.Element {
  const [isOpen, setOpen] = useState(() => matchMedia(BESIDE).matches);
  useEffect(() => {
    const room = matchMedia(BESIDE);
    const fit = (): void => setOpen(room.matches);
    room.addEventListener('change', fit);
    return () => room.removeEventListener('change', fit);
  }, []);
  return (
    <nav class="contents" aria-label="Scenes">
      <details open={isOpen}>
        <summary>{`Scene ${number + 1} of ${SCENES.length}: all scenes`}</summary>
        <ol>
          {SCENES.map(({ name, title }, i) => (
            <li key={name}>
              <a href={hashOf('scenes', name)} aria-current={i === number ? 'step' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}

interface ArticleProps {
  readonly scene: Scene;
  readonly number: number;
  /** Whether another scene was shown before: then the reader is taken to the beginning of this one. */
  readonly isNext: boolean;
}

function SceneArticle({ scene, number, isNext }: ArticleProps): JSX.Element {
  const Exhibit = scene.exhibit && EXHIBITS[scene.exhibit];
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    scrollTo({ top: 0 });
    announce(''); // what was said of the scene before
    // The link that was followed is gone with the scene before; one in the list of scenes keeps the focus.
    if (isNext && document.activeElement === document.body) heading.current!.focus({ preventScroll: true });
  }, []);
  return (
    <article>
      <p class="place">{`Scene ${number + 1} of ${SCENES.length}`}</p>
      <h2 ref={heading} tabIndex={-1}>
        {scene.title}
      </h2>
      <p class="idea">
        <Explained text={scene.idea} />
      </p>
      <ToldView scene={scene} />
      {scene.sentence !== undefined && <SentenceView sentence={scene.sentence} />}
      <p class="look">
        <Explained text={scene.look} />
      </p>
      <div class="try">
        {Exhibit !== undefined && <Exhibit />}
        {scene.play !== undefined && <Stage play={scene.play} />}
        {scene.onTimeline !== undefined && (
          <>
            <PanelsView play={scene.onTimeline} />
            <p class="controls">
              <TimelineButton play={scene.onTimeline} />
            </p>
          </>
        )}
      </div>
      <Steps number={number} />
      <p class="from note">
        <Explained text={scene.from} />
      </p>
    </article>
  );
}

function Steps({ number }: { number: number }): JSX.Element {
  const [before, after] = [SCENES[number - 1], SCENES[number + 1]];
  return (
    <p class="steps">
      {before !== undefined && <a href={hashOf('scenes', before.name)}>{`← ${before.title}`}</a>}
      {after !== undefined ? (
        <a class="next" href={hashOf('scenes', after.name)}>{`${after.title} →`}</a>
      ) : (
        <a class="next" href={hashOf('race')}>
          See all four ways race →
        </a>
      )}
    </p>
  );
}
