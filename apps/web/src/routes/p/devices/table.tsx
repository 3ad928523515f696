import { VirtualBody } from '../../../rows/virtual-body.js';
import { DeviceRow } from './device-row.js';
import type { Device, DevicesSearch } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly devices: readonly Device[];
  readonly mayWrite: boolean;
  /** The one that is being changed. */
  readonly edited: string | undefined;
  readonly change: (changes: DevicesSearch) => void;
  /** Asks for the next rows; undefined where there are none, or they are on their way. */
  readonly more: (() => void) | undefined;
}

export const DeviceTable = ({ project, devices, mayWrite, edited, change, more }: Props) => (
  <table className={table.table} aria-rowcount={more ? -1 : devices.length + 1}>
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">Device</th>
        <th scope="col">Presence</th>
        <th scope="col" className={table.wide}>
          Works on
        </th>
        <th scope="col" className={table.wide}>
          Last failure
        </th>
        <th scope="col">
          <span className={styles.hidden}>Actions</span>
        </th>
      </tr>
    </thead>
    <VirtualBody
      count={devices.length}
      rowHeight={60}
      columns={5}
      keyOf={(index) => devices[index]!.device_id}
      more={more}
      row={(index, measure) => {
        const device = devices[index]!;
        return <DeviceRow key={device.device_id} project={project} device={device} index={index} mayWrite={mayWrite} isEdited={edited === device.device_id} change={change} measure={measure} />;
      }}
    />
  </table>
);
