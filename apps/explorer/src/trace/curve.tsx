// Miss-ratio curves: how often each size of cache misses. One line for each, told apart by dash and label as well as by colour.
import type { CurvePoint } from '@idspace/cache-sim';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { bytes, three } from '../shell/number.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

const WIDEST = 720;
const NARROWEST = 280;
const HEIGHT = 280;
const LEFT = 52;
const RIGHT = 110;
const TOP = 14;
const BOTTOM = 34;
const STYLES = [
  { colour: 'var(--blue)', dash: '' },
  { colour: 'var(--red)', dash: '7 4' },
  { colour: 'var(--green)', dash: '2 4' },
] as const;
const LABEL_HEIGHT = 16;

export function Curve({ series }: { series: readonly Series[] }): JSX.Element | null {
  const width = useWidth();
  const sizes = series.flatMap(({ points }) => points.map(({ size }) => size));
  if (sizes.length === 0) return null;
  const [min, max] = [Math.log2(Math.min(...sizes)), Math.log2(Math.max(...sizes))];
  const highest = Math.max(...series.flatMap(({ points }) => points.map(({ missRatio }) => missRatio)), 1e-6);
  const x = (size: number): number =>
    LEFT + ((Math.log2(size) - min) / Math.max(max - min, 1)) * (width - LEFT - RIGHT);
  const y = (ratio: number): number => TOP + (1 - ratio / highest) * (HEIGHT - TOP - BOTTOM);
  const labels = spread(series.map(({ points }) => y(points.at(-1)?.missRatio ?? 0)));
  return (
    <figure class="curve">
      <figcaption>
        Share of the uses of lines that miss, by the size of the cache (fully associative, least recently used line
        goes)
      </figcaption>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={spoken(series)}>
        {ticks(min, max, Math.floor((width - LEFT - RIGHT) / 75)).map((log) => (
          <g key={log}>
            <line x1={x(2 ** log)} x2={x(2 ** log)} y1={TOP} y2={HEIGHT - BOTTOM} class="grid" />
            <text x={x(2 ** log)} y={HEIGHT - BOTTOM + 20} text-anchor="middle">
              {bytes(2 ** log)}
            </text>
          </g>
        ))}
        {[0, 0.5, 1].map((share) => (
          <text key={share} x={LEFT - 6} y={y(share * highest) + 4} text-anchor="end">
            {`${three(share * highest * 100)} %`}
          </text>
        ))}
        {series.map(({ name, points }, index) => {
          const { colour, dash } = STYLES[index % STYLES.length]!;
          const path = points
            .map(({ size, missRatio }, at) => `${at === 0 ? 'M' : 'L'}${x(size)} ${y(missRatio)}`)
            .join('');
          return (
            <g key={name}>
              <path d={path} fill="none" stroke={colour} stroke-width={2.5} stroke-dasharray={dash} />
              <text x={width - RIGHT + 8} y={labels[index]! + 4} class="label" fill={colour}>
                {name}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

/** As wide as the window allows, so that letters keep their size. */
function useWidth(): number {
  const fitting = (): number => Math.min(Math.max(innerWidth - 40, NARROWEST), WIDEST);
  const [width, setWidth] = useState(fitting);
  useEffect(() => {
    const fit = (): void => setWidth(fitting());
    addEventListener('resize', fit);
    return () => removeEventListener('resize', fit);
  }, []);
  return width;
}

/** Sizes to name: powers of two, at most so many and one. */
function ticks(min: number, max: number, most: number): number[] {
  const step = Math.max(1, Math.ceil((max - min) / Math.max(most, 1)));
  return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => Math.ceil(min) + index * step);
}

/** Moves labels apart that would lie on one another. */
function spread(heights: readonly number[]): number[] {
  const placed: number[] = [];
  for (const at of heights.map((_, index) => index).sort((a, b) => heights[b]! - heights[a]!)) {
    const lowest = Math.min(...placed.filter((height) => height !== undefined), Number.POSITIVE_INFINITY);
    placed[at] = Math.min(heights[at]!, lowest - LABEL_HEIGHT);
  }
  return placed;
}

function spoken(series: readonly Series[]): string {
  const ends = series.map(({ name, points }) => {
    const [first, last] = [points[0]!, points.at(-1)!];
    return `${name}: ${three(first.missRatio * 100)} % at ${bytes(first.size)}, ${three(last.missRatio * 100)} % at ${bytes(last.size)}`;
  });
  return `Miss-ratio curve. ${ends.join('; ')}.`;
}
