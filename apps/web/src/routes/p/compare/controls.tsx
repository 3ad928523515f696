import { Button } from '../../../ui/button.js';
import { selectClass } from '../../../ui/select.js';
import { axes, type ComparisonSearch } from './search.js';
import styles from './page.module.css';

const axisWords: Readonly<Record<(typeof axes)[number], string>> = { time: 'By wall time', elapsed: 'By seconds since its start', examples: 'By examples seen' };

interface Props {
  readonly look: ComparisonSearch;
  readonly metric: string;
  /** All that there are. */
  readonly names: readonly string[];
  readonly change: (part: ComparisonSearch) => void;
}

/** Whose curves are drawn, and how. */
export const Controls = ({ look, metric, names, change }: Props) => (
  <div className={styles.controls} role="group" aria-label="How the curves are shown">
    <select className={selectClass} aria-label="Metric" value={metric} onChange={({ target }) => change({ metric: target.value })}>
      {[...new Set([metric, ...names])].sort().map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
    <select className={selectClass} aria-label="Along" value={look.x ?? ''} onChange={({ target }) => change({ x: axes.find((one) => one === target.value) })}>
      <option value="">By job</option>
      {axes.map((one) => (
        <option key={one} value={one}>
          {axisWords[one]}
        </option>
      ))}
    </select>
    <Button aria-pressed={look.scale === 'log'} onClick={() => change({ scale: look.scale === 'log' ? undefined : 'log' })}>
      Logarithmic
    </Button>
  </div>
);
