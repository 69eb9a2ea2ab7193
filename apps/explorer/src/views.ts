// The table of views: the only place that knows them all.
import { CheckpointView } from './checkpoint/checkpoint-view.tsx';
import { TimelineView } from './panels/timeline-view.tsx';
import { RaceView } from './race/race-view.tsx';
import { SceneView } from './scenes/scene-view.tsx';
import type { View } from './shell/view.ts';
import { StartView } from './start/start-view.tsx';
import { TraceView } from './trace/trace-view.tsx';

/** In the order of the navigation; the first is shown where the URL names none. */
export const VIEWS: readonly View[] = [
  {
    name: 'start',
    title: 'Start',
    lead: 'A program that is saved and started again must get its timers back under their old numbers. Here you can see what that costs, and try it yourself.',
    Component: StartView,
  },
  {
    name: 'scenes',
    title: 'Scenes',
    lead: 'In May 2023 the maintainer of Linux’s timers wrote to the people behind CRIU, the tool that saves and restores programs: restoring a single timer can take an hour. (By the counts on this page it is half an hour.) These are the arguments of his letter and of what followed, one idea each.',
    Component: SceneView,
  },
  {
    name: 'timeline',
    title: 'Timeline',
    lead: 'Create, look up and delete timers, and watch where the kernel keeps them and which memory each call touches.',
    Component: TimelineView,
  },
  {
    name: 'race',
    title: 'Race',
    lead: 'Four ways to restore the same checkpoint, side by side.',
    Component: RaceView,
  },
  {
    name: 'checkpoint',
    title: 'Checkpoint',
    lead: 'Drop a checkpoint, and read whether and how fast it will restore. It does not leave this page.',
    Component: CheckpointView,
  },
  {
    name: 'trace',
    title: 'Trace',
    lead: 'Drop a memory trace, or paste a class, and see its cache misses.',
    Component: TraceView,
  },
];
