import { useId } from 'react';
import type { Judgement } from '../../recipes/recipe.js';
import { number } from '../../ui/number.js';
import type { Score } from './use-scores.js';
import styles from './scores.module.css';

const [WIDTH, HEIGHT] = [640, 240];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 16, 14, 34];
const FEWEST_STEPS = 5;

/** How good the model is after each job, on examples that no device has: a curve, and the same as a table. */
export function ScoreCurve({ scores, planned }: { scores: readonly Score[]; planned: number }) {
  const id = useId();
  const known = scores.filter((score): score is Score & { judgement: Judgement } => score.judgement !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return null;
  const { measure, baseline } = last.judgement;
  const from = scores[0]!.sequence === 0 ? (known[0]?.sequence ?? 0) : scores[0]!.sequence;
  const to = Math.max(planned, from + FEWEST_STEPS, last.sequence);
  const most = measure === 'accuracy' ? 1 : niceAbove(Math.max(baseline, ...known.map(({ judgement }) => judgement.value)));
  const x = (sequence: number) => LEFT + ((sequence - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM);
  return (
    <figure className={styles.figure} aria-labelledby={`${id}-says`}>
      <figcaption id={`${id}-says`}>{summary(scores)}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles.curve} role="img" aria-labelledby={`${id}-says`}>
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <g key={part}>
            <line className={styles.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={y(part * most)} y2={y(part * most)} />
            <text className={styles.tick} x={LEFT - 8} y={y(part * most) + 4} textAnchor="end">
              {shownValue(part * most, measure)}
            </text>
          </g>
        ))}
        {ticks(from, to).map((sequence) => (
          <text key={sequence} className={styles.tick} x={x(sequence)} y={HEIGHT - 12} textAnchor="middle">
            {sequence === 0 ? 'start' : sequence}
          </text>
        ))}
        <line className={styles.baseline} x1={LEFT} x2={WIDTH - RIGHT} y1={y(baseline)} y2={y(baseline)} />
        <polyline className={styles.line} points={known.map(({ sequence, judgement }) => `${x(sequence)},${y(judgement.value)}`).join(' ')} />
        {known.map(({ sequence, judgement }) => (
          <circle key={sequence} className={styles.dot} cx={x(sequence)} cy={y(judgement.value)} r={4.5}>
            <title>{`${nameOf(sequence)}: ${shownValue(judgement.value, measure)}`}</title>
          </circle>
        ))}
        {scores.filter(({ isGap }) => isGap).map(({ sequence }) => (
          <text key={sequence} className={styles.gap} x={x(sequence)} y={y(0) - 4} textAnchor="middle">
            ✕<title>{`Job ${sequence} made no model`}</title>
          </text>
        ))}
      </svg>
      <p className={styles.note}>
        Job after job, from left to right, on examples that no device trains on. The dashed line is what you get without learning: {shownValue(baseline, measure)} by always saying the {measure === 'accuracy' ? 'most frequent answer' : 'mean'}.
      </p>
      <details>
        <summary>As a table</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">After</th>
              <th scope="col">{measure === 'accuracy' ? 'Right' : 'Typical error'}</th>
              <th scope="col">Loss</th>
            </tr>
          </thead>
          <tbody>
            {scores.map(({ sequence, judgement, isGap }) => (
              <tr key={sequence}>
                <th scope="row">{nameOf(sequence)}</th>
                <td>{judgement ? shownValue(judgement.value, measure) : isGap ? 'no model' : '…'}</td>
                <td>{judgement && number(judgement.loss)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

const nameOf = (sequence: number): string => (sequence === 0 ? 'Start model' : `Job ${sequence}`);

/** "87.5 %", or in the unit of the value. */
export const shownValue = (value: number, measure: Judgement['measure']): string => (measure === 'accuracy' ? `${+(100 * value).toFixed(1)} %` : number(value));

/** How good the model is, in a sentence. */
export function summary(scores: readonly Score[]): string | undefined {
  const known = scores.flatMap(({ sequence, judgement }) => (judgement ? [{ sequence, judgement }] : []));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return undefined;
  const { measure, value, count } = last.judgement;
  const now = measure === 'accuracy' ? `gets ${shownValue(value, measure)} of ${count} held-out examples right` : `is typically off by ${shownValue(value, measure)} on ${count} held-out examples`;
  if (last.sequence === 0) return `Before any job the model ${now}.`;
  return `After job ${last.sequence} the model ${now}; ${first.sequence === 0 ? 'at the start' : `after job ${first.sequence}`} it was ${shownValue(first.judgement.value, measure)}.`;
}

function ticks(from: number, to: number): number[] {
  const step = Math.max(1, Math.ceil((to - from) / 10));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step);
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((times) => times * power).find((nice) => nice >= value)!;
}
