// A canvas as wide as its place, sharp on every screen, drawn again when its size, the colours or what it shows change.
import type { HTMLAttributes, JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { repaint } from '../shell/theme.ts';

export interface CanvasProps {
  /** In sixteenths of the page's letter size, as all lengths here: a pixel, where letters have 16. */
  readonly height: number;
  /** What the picture shows, in a sentence. */
  readonly label: string;
  /** Draws it whole. */
  readonly draw: (context: CanvasRenderingContext2D, width: number, height: number) => void;
  /** Gets where the picture was clicked, and its width. */
  readonly onPick?: (x: number, y: number, width: number) => void;
  /** Gets where the pointer is, and the width; null when it is gone. */
  readonly onHover?: (x: number | null, width: number) => void;
  readonly class?: string;
  /** Makes the picture a slider, which has the focus and takes keys. */
  readonly slider?: Slider;
}

/** A place in a picture, to be moved by keys. */
export interface Slider {
  /** What is chosen: 'ID', 'bucket'. */
  readonly label: string;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  readonly max: number;
  /** How far Page Up goes. */
  readonly page: number;
  readonly choose: (value: number) => void;
}

/** What makes an element a slider. */
function sliderProps({ label, value, text, max, page, choose }: Slider): HTMLAttributes<HTMLDivElement> {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -page,
    PageUp: page,
    Home: -max,
    End: max,
  };
  return {
    role: 'slider',
    tabIndex: 0,
    'aria-label': label,
    'aria-valuemin': 0,
    'aria-valuemax': max,
    'aria-valuenow': value,
    'aria-valuetext': text,
    onKeyDown(event) {
      const step = steps[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      choose(Math.max(0, Math.min(max, value + step)));
    },
  };
}

export function Canvas({ height, label, draw, onPick, onHover, class: name, slider }: CanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shownWidth, setWidth] = useState(0);
  // Where letters are larger, as on a very large screen, so are pictures.
  const unit = useMemo(letterUnit, [shownWidth]);
  const width = Math.floor(shownWidth / unit);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(canvas.current!.parentElement!);
    return () => observer.disconnect();
  }, []);
  void repaint.value;
  useEffect(() => {
    if (width === 0) return;
    const scale = devicePixelRatio * unit;
    const { current } = canvas;
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (current!.width !== w) current!.width = w;
    if (current!.height !== h) current!.height = h;
    const context = current!.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  });
  const pick = (event: MouseEvent): void => onPick?.(event.offsetX / unit, event.offsetY / unit, width);
  return (
    <div class={name} {...(slider && sliderProps(slider))}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ width: '100%', height: `${height / 16}rem` }}
        onClick={onPick === undefined ? undefined : pick}
        onPointerMove={onHover && ((event) => onHover(event.offsetX / unit, width))}
        onPointerLeave={onHover && (() => onHover(null, width))}
      />
    </div>
  );
}

/** CSS pixels of a sixteenth of the page's letter size. */
function letterUnit(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
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
