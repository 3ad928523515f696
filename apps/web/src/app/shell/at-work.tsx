import { Link } from '@tanstack/react-router';
import { isAtWork, useTabDevices } from '../../train-worker/page/tab-devices.js';
import styles from './account.module.css';

/** Says that this tab is at work, wherever one goes in it. */
export function AtWork() {
  const devices = useTabDevices().filter(isAtWork);
  const [first] = devices;
  if (!first) return null;
  return (
    <Link to="/p/$project/train" params={{ project: first.projectId }} search={first.job ? { experiment: first.job.experimentId } : {}} className={styles.work}>
      <span aria-hidden="true">▶</span>
      {devices.length === 1 ? 'This tab is a device' : `This tab is ${devices.length} devices`}
    </Link>
  );
}
