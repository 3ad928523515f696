import type { Ref } from 'react';
import type { JobDevice } from '../../../../api/job.js';
import { useNow } from '../../../../ui/now.js';
import { bytes, number } from '../../../../ui/number.js';
import { ago, duration, Time } from '../../../../ui/time.js';
import { meaningOf } from './standings.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly device: JobDevice;
  readonly index: number;
  /** What another device of the job is called. */
  readonly nameOf: (device_id: string) => string;
  readonly measure: Ref<HTMLTableRowElement>;
}

export function DeviceRow({ device, index, nameOf, measure }: Props) {
  const { word, tone } = meaningOf(device.state);
  const since = device.ended_at ?? device.submitted_at ?? device.late_since ?? device.leased_at ?? device.drawn_at;
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row}>
      <th scope="row" tabIndex={-1} data-row={index}>
        {device.device_name ?? <code>{device.device_id.slice(0, 8)}</code>}
      </th>
      <td>
        <span className={styles.state} data-tone={tone}>
          {word}
        </span>
        {since !== null && (
          <div className={table.quiet}>
            <Time at={since} />
          </div>
        )}
      </td>
      <td>
        <Progress device={device} />
      </td>
      <td className={table.wide}>
        <HeardOf device={device} />
      </td>
      <td className={`${table.wide} ${table.number}`}>{device.num_examples?.toLocaleString('en') ?? '–'}</td>
      <td className={`${table.wide} ${table.quiet}`}>
        {Object.entries(device.metrics).map(([name, value]) => (
          <span key={name} className={styles.metric}>
            {name} {number(value)}
          </span>
        ))}
      </td>
      <td className={table.quiet}>
        {device.reason}
        {device.replaced_by !== null && <div>Replaced by {nameOf(device.replaced_by)}</div>}
        {device.replaces !== null && <div>In the place of {nameOf(device.replaces)}</div>}
      </td>
    </tr>
  );
}

/** How far it is by its own account, or what came of it. */
function Progress({ device: { progress, update } }: { device: JobDevice }) {
  if (update) return <span>{bytes(update.size)} sent</span>;
  if (!progress) return <span>–</span>;
  const { fraction, step } = progress;
  return (
    <>
      {fraction !== null && <progress className={styles.progress} max={1} value={fraction} aria-label="How far it is" />}
      <div className={table.quiet}>
        {[fraction !== null && `${Math.round(fraction * 100)} %`, step !== null && `step ${step}`].filter(Boolean).join(', ')}
      </div>
    </>
  );
}

/** When it last showed itself, and how long it may be silent. */
function HeardOf({ device: { heartbeat_at, lease_expires_at, submitted_at, ended_at } }: { device: JobDevice }) {
  const now = useNow(5000);
  if (submitted_at !== null || ended_at !== null || heartbeat_at === null) return <span>–</span>;
  const left = lease_expires_at === null ? undefined : (Date.parse(lease_expires_at) - now) / 1000;
  return (
    <>
      {ago(Date.parse(heartbeat_at), now)}
      {left !== undefined && <div className={table.quiet}>{left > 0 ? `${duration(left)} left` : 'its time is up'}</div>}
    </>
  );
}
