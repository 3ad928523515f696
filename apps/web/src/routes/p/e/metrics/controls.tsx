import { Button } from '../../../../ui/button.js';
import { Popover } from '../../../../ui/popover.js';
import { ChooseMetrics } from './choose-metrics.js';
import type { MetricsSearch } from './search.js';
import styles from './page.module.css';

interface Props {
  readonly look: MetricsSearch;
  /** Those that are shown. */
  readonly shown: readonly string[];
  /** All that there are. */
  readonly names: readonly string[];
  readonly change: (part: MetricsSearch) => void;
}

/** How the metrics are shown. */
export function Controls({ look, shown, names, change }: Props) {
  const { x, scale, smooth = 0, as } = look;
  return (
    <div className={styles.controls} role="group" aria-label="How they are shown">
      <Button aria-pressed={as === 'table'} onClick={() => change({ as: as === 'table' ? undefined : 'table' })}>
        As table
      </Button>
      <Button aria-pressed={x === 'time'} onClick={() => change({ x: x === 'time' ? undefined : 'time' })}>
        By wall time
      </Button>
      <Button aria-pressed={scale === 'log'} onClick={() => change({ scale: scale === 'log' ? undefined : 'log' })}>
        Logarithmic
      </Button>
      <label className={styles.smooth}>
        Smoothing
        <input type="range" min={0} max={0.99} step={0.01} value={smooth} onChange={({ target }) => change({ smooth: Number(target.value) || undefined })} />
        <output>{smooth.toFixed(2)}</output>
      </label>
      {names.length > 1 && (
        <Popover label={`${shown.length} of ${names.length.toLocaleString('en')} metrics`}>
          <ChooseMetrics names={names} shown={shown} choose={(chosen) => change({ names: chosen.join() })} />
        </Popover>
      )}
    </div>
  );
}
