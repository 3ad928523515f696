import { useId, useState } from 'react';
import { labelsAtHome } from '../../recipes/digits/share-digits.js';
import { fleet } from '../../train-worker/page/fleet.js';
import { Button } from '../../ui/button.js';
import styles from './devices.module.css';

const COUNTS = [1, 2, 3, 4] as const;

interface Props {
  readonly projectId: string;
  /** Whether it is about digits, which can be shared out by their label. */
  readonly sharesByLabel: boolean;
  readonly table: File | undefined;
  readonly started?: () => void;
}

/** Makes this tab one to four devices of a project. */
export function ChooseDevices({ projectId, sharesByLabel, table, started }: Props) {
  const [count, setCount] = useState(2);
  const [percent, setPercent] = useState(50);
  const id = useId();
  return (
    <form
      className={styles.choose}
      onSubmit={(event) => {
        event.preventDefault();
        fleet.start({ projectId, count, difference: percent / 100, table });
        started?.();
      }}
    >
      <fieldset className={styles.counts}>
        <legend>How many devices this tab is</legend>
        {COUNTS.map((one) => (
          <label key={one} className={styles.count}>
            <input type="radio" name={`${id}-count`} checked={count === one} onChange={() => setCount(one)} />
            {one}
          </label>
        ))}
      </fieldset>
      {sharesByLabel && count > 1 && (
        <div className={styles.difference}>
          <label htmlFor={`${id}-difference`}>How different their digits are</label>
          <input id={`${id}-difference`} type="range" min={0} max={100} step={10} value={percent} aria-valuetext={`${percent} percent`} aria-describedby={`${id}-shares`} onChange={({ target }) => setPercent(Number(target.value))} />
          <p id={`${id}-shares`} className={styles.hint}>
            {sharesFor(count, percent)}
          </p>
        </div>
      )}
      <p className={styles.hint}>Each device is a thread of its own in this tab, with a key of its own that never leaves it. What is sent are trained models and their losses; what they learn from stays here.</p>
      <div>
        <Button type="submit" look="main">
          {count === 1 ? 'Start 1 device' : `Start ${count} devices`}
        </Button>
      </div>
    </form>
  );
}

function sharesFor(devices: number, percent: number): string {
  if (percent === 0) return 'Each has some of every digit.';
  const shares = Array.from({ length: devices }, (_, device) => labelsAtHome({ device, devices })).map((labels) => `${labels[0]}–${labels.at(-1)}`);
  return `${percent === 100 ? 'Each has its own digits only' : `${percent} % of the digits go by their label`}: ${shares.join(', ')}.`;
}
