import { Shape } from '../../../ui/job-status.js';
import { Time } from '../../../ui/time.js';
import { presenceWords, type Device } from './search.js';
import styles from './page.module.css';

/** Full, with a dot, hollow, a dash: the shape tells, and the word and the colour beside it. */
const shapes: Readonly<Record<Device['presence'], string>> = {
  online: 'M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0 -10M8 5v6M5 8h6M6 6l4 4M10 6l-4 4',
  late: 'M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0 -10M8 5v3l2 2',
  offline: 'M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0 -10',
  never: 'M3 8h10',
};

/** Whether a device is there, and when it was last heard of. */
export const Presence = ({ device: { presence, last_seen_at } }: { device: Device }) => (
  <>
    <span className={styles.presence} data-presence={presence}>
      <Shape>
        <path d={shapes[presence]} />
      </Shape>{' '}
      {presenceWords[presence]}
    </span>
    {last_seen_at !== null && (
      <div className={styles.below}>
        <Time at={last_seen_at} />
      </div>
    )}
  </>
);
