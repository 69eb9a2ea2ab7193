// A canvas as wide as its place, sharp on every screen, drawn again when its size, the colours or what it shows change.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { repaint } from '../shell/theme.ts';

export interface CanvasProps {
  /** CSS pixels. */
  readonly height: number;
  /** What the picture shows, in a sentence. */
  readonly label: string;
  /** Draws it whole; sizes are CSS pixels. */
  readonly draw: (context: CanvasRenderingContext2D, width: number, height: number) => void;
  /** Gets where the picture was clicked, CSS pixels, and its width. */
  readonly onPick?: (x: number, y: number, width: number) => void;
  readonly class?: string;
}

export function Canvas({ height, label, draw, onPick, class: name }: CanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(canvas.current!.parentElement!);
    return () => observer.disconnect();
  }, []);
  void repaint.value;
  useEffect(() => {
    if (width === 0) return;
    const scale = devicePixelRatio;
    const { current } = canvas;
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (current!.width !== w) current!.width = w;
    if (current!.height !== h) current!.height = h;
    const context = current!.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  });
  const pick = (event: MouseEvent): void => onPick?.(event.offsetX, event.offsetY, width);
  return (
    <div class={name}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ width: '100%', height: `${height}px` }}
        onClick={onPick === undefined ? undefined : pick}
      />
    </div>
  );
}

/** Fills a rectangle with stripes, the sign of what is lost. */
export function stripes(context: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  if (striped?.colour === colour) return striped.pattern;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const inside = tile.getContext('2d')!;
  inside.strokeStyle = colour;
  inside.lineWidth = 1.4;
  inside.beginPath();
  inside.moveTo(-1, 7);
  inside.lineTo(7, -1);
  inside.moveTo(-1, 1);
  inside.lineTo(1, -1);
  inside.moveTo(5, 7);
  inside.lineTo(7, 5);
  inside.stroke();
  const pattern = context.createPattern(tile, 'repeat') ?? colour;
  striped = { colour, pattern };
  return pattern;
}

/** The pattern that was made last: its colour changes with the theme only. */
let striped: { colour: string; pattern: CanvasPattern | string } | undefined;

/** Draws the sign of a level in a square: a dot, a bar, a triangle, a diamond; colour and shape say the same. */
export function levelSign(
  context: CanvasRenderingContext2D,
  level: number,
  memory: number,
  x: number,
  y: number,
  size: number,
): void {
  const [middleX, middleY, half] = [x + size / 2, y + size / 2, size / 2];
  context.beginPath();
  if (level === 0) context.arc(middleX, middleY, half * 0.8, 0, 2 * Math.PI);
  else if (level === memory) {
    context.moveTo(middleX, y);
    context.lineTo(x + size, middleY);
    context.lineTo(middleX, y + size);
    context.lineTo(x, middleY);
  } else if (level === 1) context.rect(x + size * 0.1, y + size * 0.1, size * 0.8, size * 0.8);
  else {
    context.moveTo(middleX, y);
    context.lineTo(x + size, y + size);
    context.lineTo(x, y + size);
  }
  context.fill();
}

/** The colour token of a level. */
export function levelToken(level: number, memory: number): string {
  if (level === 0) return '--green';
  if (level === memory) return '--red';
  return level === 1 ? '--orange' : '--purple';
}

/** The sign of a level as a character, as `levelSign` draws it. */
export function levelGlyph(level: number, memory: number): string {
  if (level === 0) return '●';
  if (level === memory) return '◆';
  return level === 1 ? '■' : '▲';
}
