import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { Button } from '../../../ui/button.js';
import { Time } from '../../../ui/time.js';
import { EditDevice } from './edit-device.js';
import { Presence } from './presence.js';
import { calledShort, type Device, type DevicesSearch } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

/** As many as the table has. */
const COLUMNS = 5;

interface Props {
  readonly project: string;
  readonly device: Device;
  readonly index: number;
  readonly mayWrite: boolean;
  readonly isEdited: boolean;
  readonly change: (changes: DevicesSearch) => void;
  readonly measure: Ref<HTMLTableRowElement>;
}

/** While a device is changed, the form has the room of all columns: a phone has no other. */
export function DeviceRow({ project, device, index, mayWrite, isEdited, change, measure }: Props) {
  const { device_id, labels, agent, ephemeral } = device;
  const name = calledShort(device);
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row}>
      <th scope="row" tabIndex={-1} data-row={index} {...(isEdited && { colSpan: COLUMNS })}>
        <strong>{name}</strong>
        <div className={styles.below}>
          <code>{device_id.slice(0, 8)}</code>
          {ephemeral && <span>for a while</span>}
          {labels.map((label) => (
            <button key={label} type="button" className={styles.label} aria-label={`Only with the label ${label}`} onClick={() => change({ label })}>
              {label}
            </button>
          ))}
          {agent !== null && <span>{agent}</span>}
          {isEdited && <Presence device={device} />}
        </div>
        {isEdited && <EditDevice project={project} device={device} done={() => change({ edit: undefined })} />}
      </th>
      {!isEdited && (
        <>
          <Standing device={device} project={project} />
          <td>
            {mayWrite && (
              <Button look="quiet" aria-label={`Change ${name}`} onClick={() => change({ edit: device_id })}>
                Change
              </Button>
            )}
          </td>
        </>
      )}
    </tr>
  );
}

/** Whether it is there, and what it does. */
function Standing({ device, project }: { device: Device; project: string }) {
  const { current, last_failure } = device;
  return (
    <>
      <td>
        <Presence device={device} />
      </td>
      <td className={table.wide}>
        {current ? (
          <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment: current.experiment_id, number: String(current.sequence) }}>
            Job {current.sequence}
          </Link>
        ) : (
          '–'
        )}
      </td>
      <td className={`${table.wide} ${table.quiet}`}>
        {last_failure ? (
          <>
            {last_failure.reason ?? 'No reason given'} {last_failure.at !== null && <Time at={last_failure.at} />}
          </>
        ) : (
          '–'
        )}
      </td>
    </>
  );
}
