import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button } from '../../../ui/button.js';
import { Confirm } from '../../../ui/confirm.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { say } from '../../../ui/live-region.js';
import { calledShort, labelsIn, type Device } from './search.js';
import styles from './page.module.css';

/** Name and labels of a device, and its end. */
export function EditDevice({ project, device, done }: { project: string; device: Device; done: () => void }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState({ name: device.name ?? '', labels: device.labels.join(', ') });
  const ids = { project_id: project, device_id: device.device_id };
  const input = { ...ids, device_name: typed.name.trim() || null, labels: labelsIn(typed.labels) };
  const after = async (said: string) => {
    say(said);
    done();
    await queries.invalidateQueries();
  };
  const save = useMutation({ mutationFn: () => api.Device.update(input), onSuccess: () => after('Saved.') });
  const remove = useMutation({ mutationFn: () => api.Device.delete(ids), onSuccess: () => after(`Deleted ${calledShort(device)}.`) });
  const error = save.error ?? remove.error;
  return (
    <form
      className={styles.edit}
      aria-label={`Change ${calledShort(device)}`}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label="Name" value={typed.name} maxLength={200} autoComplete="off" autoFocus onChange={({ target }) => setTyped({ ...typed, name: target.value })} />
      <Field label="Labels, separated by commas" value={typed.labels} autoComplete="off" onChange={({ target }) => setTyped({ ...typed, labels: target.value })} />
      {error && <ErrorText error={error} />}
      <div className={styles.filters}>
        <Button type="submit" look="main" disabled={save.isPending}>
          Save
        </Button>
        <Button onClick={done}>Leave it</Button>
        <Confirm label="Delete" question={`Delete ${calledShort(device)}?`} isPending={remove.isPending} act={() => remove.mutate()}>
          Its key is refused from then on.
          {device.current && ` It works on job ${device.current.sequence}: another device is drawn in its place, or the job fails where there is none.`} It can’t be taken back.
        </Confirm>
      </div>
      <CodeDisclosure requests={[shownRequest('Change the device', 'device.update', input), shownRequest('Delete the device', 'device.delete', ids)]} />
    </form>
  );
}
