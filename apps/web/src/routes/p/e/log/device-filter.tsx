import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../../../api/ask.js';
import { Button } from '../../../../ui/button.js';
import { inputClass } from '../../../../ui/field.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  /** The id of the device that was chosen. */
  readonly device: string | undefined;
  readonly choose: (device: string | undefined) => void;
}

/** Only events about one device, by its name or its id; also by that of one that was deleted. */
export function DeviceFilter({ project, device, choose }: Props) {
  const client = useQueryClient();
  const [told, setTold] = useState<string>();
  async function find(text: string) {
    if (/^[0-9a-f]{32}$/.test(text)) return choose(text);
    try {
      const { data } = await client.query(ask('device.list', { project_id: project, q: text, limit: 200 }));
      const found = data.filter(({ name }) => name === text);
      const [one, ...others] = found.length > 0 ? found : data;
      if (one && others.length === 0) choose(one.device_id);
      setTold(!one ? `No device is called ${text}.` : others.length > 0 ? 'Several devices fit. Give more of the name or of the id.' : undefined);
    } catch {
      setTold('The devices could not be looked up.');
    }
  }
  if (device !== undefined) return <Chosen project={project} device={device} clear={() => choose(undefined)} />;
  return (
    <form
      className={styles.jump}
      onSubmit={(event) => {
        event.preventDefault();
        void find(event.currentTarget.querySelector('input')!.value.trim());
      }}
    >
      <input className={inputClass} name="device" type="text" maxLength={200} aria-label="Name or id of a device" placeholder="Device" required />
      <Button type="submit">Only this device</Button>
      {told !== undefined && <p role="alert">{told}</p>}
    </form>
  );
}

function Chosen({ project, device, clear }: { project: string; device: string; clear: () => void }) {
  const { data: name } = useQuery({ ...ask('device.get', { project_id: project, device_id: device }), retry: false, select: (body) => body.name });
  const called = name ?? device.slice(0, 8);
  return (
    <Button aria-label={`Device ${called}, clear`} onClick={clear}>
      Device {called} ×
    </Button>
  );
}
