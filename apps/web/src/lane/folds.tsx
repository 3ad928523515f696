import { duration } from '../ui/time.js';
import type { Fold } from './lay-out-lane.js';
import hidden from '../ui/hidden.module.css';
import styles from './lane.module.css';

/** A fold says how long nothing went on where it has room for words. */
const WIDE_ENOUGH = 16;
/** Of the lane's height, in pixels: what a sentence needs that stands upright. */
const HIGH_ENOUGH = 100;

/** Where idle time was folded, from top to bottom of the lane. */
export const Folds = ({ folds, height, width }: { folds: readonly Fold[]; height: number; width: number }) => (
  <>
    <svg className={styles.folds} width={width} height={height} aria-hidden="true">
      {folds.map((fold) => (
        <g key={fold.x}>
          <rect x={fold.x} y={0} width={fold.width} height={height} className={styles.fold}>
            <title>{duration(fold.seconds)} idle</title>
          </rect>
          {fold.width >= WIDE_ENOUGH && height >= HIGH_ENOUGH && (
            <text className={styles.idle} transform={`translate(${fold.x + fold.width / 2} 8) rotate(90)`} dominantBaseline="central">
              {duration(fold.seconds)} idle
            </text>
          )}
        </g>
      ))}
    </svg>
    {folds.length > 0 && <p className={hidden.hidden}>{`Idle time is folded: ${folds.map(({ seconds }) => duration(seconds)).join(', ')}.`}</p>}
  </>
);
