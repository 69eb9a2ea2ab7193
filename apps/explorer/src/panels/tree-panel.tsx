// The radix tree: a box for each node, with its 64 slots.
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { Session } from '../engine/session.ts';
import { hasBit, type NodeView, type TreeView, treeOf } from '../engine/views.ts';
import { count, counted } from '../shell/number.ts';
import { colour } from '../shell/theme.ts';
import { Canvas } from './canvas.tsx';
import { titleOf } from './panel-title.ts';

/** Pixels of a slot, large to small: the largest that fits is taken. */
const SLOTS = [7, 5, 4, 3, 2];
const COLUMNS = 16;
const ROWS = 4;
/** Boxes of a level that are drawn at most; a row of its own says how many there are. */
const LINES = 3;

interface PanelProps {
  readonly session: Session;
  readonly version: number;
  /** The kernel, where there is another beside it. */
  readonly kernel?: string;
}

/** Shows the tree of a session's process; nothing where its design has none. */
export function TreePanel({ session, version, kernel }: PanelProps): JSX.Element | null {
  const view = useMemo(() => treeOf(session.machine), [session, version]);
  const title = useId();
  if (view === undefined) return null;
  const { call } = session;
  const id = (call?.name === 'timer_create' ? call.result : call?.argument) ?? -1;
  const levels = levelsOf(view);
  const height = Math.max(
    60,
    levels.reduce((sum, level) => sum + heightOf(level.length), 0),
  );
  return (
    <section class="panel tree" aria-labelledby={title}>
      <h2 id={title}>{titleOf('Radix tree', kernel)}</h2>
      <p class="hint">
        The kernel finds a timer here: six bits of its ID choose one of 64 slots of a node, from the root down to a
        leaf. Filled slots are in use; in a framed node something is free.
      </p>
      <Canvas
        height={height}
        label={`A tree of ${counted(view.height, 'level')} and ${counted(view.nodes, 'node')}.`}
        draw={(context, width) => drawTree(context, width, levels, id)}
      />
      <p class="numbers">
        Levels <b data-count="height">{view.height}</b> · nodes <b data-count="nodes">{count(view.nodes)}</b> ·{' '}
        <b>{count(view.nodes * 576)}</b> bytes in the kernel
      </p>
    </section>
  );
}

function levelsOf({ shown, height }: TreeView): NodeView[][] {
  return Array.from({ length: height }, (_, i) => shown.filter(({ level }) => level === height - 1 - i));
}

const heightOf = (nodes: number): number => (nodes > 40 ? 112 : nodes > 8 ? 92 : 58);

function drawTree(context: CanvasRenderingContext2D, width: number, levels: readonly NodeView[][], id: number): void {
  let y = 0;
  context.font = '11px system-ui, sans-serif';
  if (levels.length === 0) {
    context.fillStyle = colour('--faint');
    context.fillText('No node: the tree is empty, or ID 0 alone hangs at its head.', 0, 20);
  }
  for (const [i, nodes] of levels.entries()) {
    const what = i === levels.length - 1 ? 'leaves, with a slot for each ID' : i === 0 ? 'root' : 'nodes';
    context.fillStyle = colour('--faint');
    context.textAlign = 'left';
    context.fillText(
      `${i === 0 && levels.length === 1 ? 'root, with a slot for each ID' : what}: ${count(nodes.length)}`,
      0,
      y + 11,
    );
    drawLevel(context, width, y + 16, nodes, heightOf(nodes.length) - 22, id);
    y += heightOf(nodes.length);
  }
}

/** Draws the boxes of a level: all where they fit, else those around the ID that the last call was about. */
function drawLevel(
  context: CanvasRenderingContext2D,
  width: number,
  y: number,
  nodes: readonly NodeView[],
  height: number,
  id: number,
): void {
  const fits = (slot: number): number =>
    Math.floor(width / (COLUMNS * slot + 8)) * Math.max(1, Math.floor(height / (ROWS * slot + 6)));
  const slot = SLOTS.find((each) => nodes.length <= Math.min(fits(each), fits(each) * LINES)) ?? SLOTS.at(-1)!;
  const perLine = Math.max(1, Math.floor(width / (COLUMNS * slot + 8)));
  const most = fits(slot);
  const at = Math.max(
    0,
    nodes.findLastIndex(({ first }) => first <= id),
  );
  const from = nodes.length <= most ? 0 : Math.max(0, Math.min(nodes.length - most, at - (most >> 1)));
  for (let i = 0; i < Math.min(most, nodes.length - from); i++) {
    const node = nodes[from + i];
    const x = (i % perLine) * (COLUMNS * slot + 8);
    drawNode(context, node, x, y + Math.floor(i / perLine) * (ROWS * slot + 6), slot, id);
  }
}

function drawNode(
  context: CanvasRenderingContext2D,
  node: NodeView,
  x: number,
  y: number,
  slot: number,
  id: number,
): void {
  const { first, perSlot, used, full } = node;
  const isFull = used[0] === -1 && used[1] === -1 && full[0] === -1 && full[1] === -1;
  context.strokeStyle = colour(isFull ? '--line' : '--sky');
  context.setLineDash(isFull ? [] : [3, 2]);
  context.strokeRect(x + 0.5, y + 0.5, COLUMNS * slot + 3, ROWS * slot + 3);
  context.setLineDash([]);
  const left = x + 2;
  const top = y + 2;
  const size = slot > 2 ? slot - 1 : slot;
  context.fillStyle = colour('--soft');
  if (size === slot) context.fillRect(left, top, COLUMNS * slot, ROWS * slot);
  else {
    for (let at = 0; at < 64; at++)
      context.fillRect(left + (at % COLUMNS) * slot, top + Math.floor(at / COLUMNS) * slot, size, size);
  }
  context.fillStyle = colour('--blue');
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; ) {
      const at = row * COLUMNS + column;
      const part = shareOf(node, at);
      let end = column + 1;
      // Neighbours that look the same, without a gap between them, are one rectangle: a frame draws thousands of slots.
      while (slot === size && end < COLUMNS && shareOf(node, row * COLUMNS + end) === part) end++;
      const bottom = top + row * slot + size;
      if (part > 0)
        context.fillRect(left + column * slot, bottom - size * part, (end - column - 1) * slot + size, size * part);
      column = end;
    }
  }
  const here = Math.floor((id - first) / perSlot);
  if (here < 0 || here > 63) return;
  const [hereX, hereY] = [left + (here % COLUMNS) * slot, top + Math.floor(here / COLUMNS) * slot];
  context.fillStyle = context.strokeStyle = colour('--red');
  if (hasBit(used, here)) context.fillRect(hereX, hereY, size, size);
  else context.strokeRect(hereX + 0.5, hereY + 0.5, size - 1, size - 1);
}

/** How much of a slot is filled: none, all, or, above something free, a part: the free mark. */
function shareOf({ used, full, level }: NodeView, at: number): number {
  if (!hasBit(used, at)) return 0;
  return level > 0 && !hasBit(full, at) ? 0.55 : 1;
}
