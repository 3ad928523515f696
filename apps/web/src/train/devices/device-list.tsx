import { fleet } from '../../train-worker/page/fleet.js';
import { isAtWork, useTabDevices, type Standing, type TabDevice } from '../../train-worker/page/tab-devices.js';
import { Button } from '../../ui/button.js';
import { bytes, number as shownNumber } from '../../ui/number.js';
import styles from './devices.module.css';

/** The devices that this tab is, what each is at, and how to stop. */
export function DeviceList({ projectId }: { projectId: string }) {
  const devices = useTabDevices(projectId);
  if (devices.length === 0) return null;
  const atWork = devices.filter(isAtWork);
  const isStopping = atWork.some(({ standing }) => standing === 'finishing');
  return (
    <div className={styles.list}>
      <ul className={styles.devices} aria-label="Devices of this tab">
        {devices.map((device) => (
          <DeviceRow key={device.number} device={device} />
        ))}
      </ul>
      {atWork.length > 0 && (
        <p className={styles.stops}>
          <Button disabled={isStopping} onClick={() => fleet.finish()}>
            Finish, then stop
          </Button>
          <Button look="danger" onClick={() => fleet.abandon()}>
            Stop now
          </Button>
          <span className={styles.hint}>Stopped now, what is half trained is dropped, and other devices are drawn.</span>
        </p>
      )}
    </div>
  );
}

const WORDS: Readonly<Record<Standing, string>> = {
  starting: 'Starting',
  waiting: 'Waiting for a job',
  training: 'Training',
  sending: 'Sending its model',
  finishing: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
};

const SHAPES: Readonly<Record<Standing, string>> = { starting: '○', waiting: '○', training: '▶', sending: '▲', finishing: '◼', stopped: '◻', failed: '✕' };

function DeviceRow({ device: { number, standing, job, progress, updates, sentBytes, sentence } }: { device: TabDevice }) {
  return (
    <li className={styles.device} data-standing={standing}>
      <p className={styles.name}>
        <span className={styles.shape} aria-hidden="true">
          {SHAPES[standing]}
        </span>
        Device {number}
      </p>
      <p>
        {WORDS[standing]}
        {job && ` · job ${job.sequence}`}
        {progress && job && ` · epoch ${progress.epoch} of ${progress.epochs} · loss ${shownNumber(progress.loss)}`}
      </p>
      <progress className={styles.bar} max={1} value={job ? (progress?.fraction ?? 0) : 0} aria-label={`How far device ${number} is in its job`} />
      <p className={styles.hint}>
        {updates === 1 ? '1 model sent' : `${updates} models sent`} · {bytes(sentBytes)}
      </p>
      {sentence && <p className={styles.sentence}>{sentence}</p>}
    </li>
  );
}
