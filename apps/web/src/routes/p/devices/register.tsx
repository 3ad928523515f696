import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { baseUrl } from '../../../api/base-url.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shellWord } from '../../../code/languages/curl.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button } from '../../../ui/button.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { labelsIn } from './search.js';
import styles from './page.module.css';

/** Registers a device. Its key is shown once, with how it is put to work. */
export function Register({ project }: { project: string }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState({ name: '', labels: '' });
  const labels = labelsIn(typed.labels);
  const input = { project_id: project, ...(typed.name.trim() !== '' && { device_name: typed.name.trim() }), ...(labels.length > 0 && { labels }) };
  const { mutate, data, reset, isPending, error } = useMutation({
    mutationFn: () => api.Device.create(input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['device.list'] }),
    // The key is gone with the notice that shows it.
    gcTime: 0,
  });
  if (data) {
    const command = `verge device run train.mjs --project ${project} --url ${shellWord(baseUrl)}`;
    return (
      <Notice title="The new device’s key">
        <p>It is shown this once. The server keeps no copy that anybody can read.</p>
        <p className={styles.key}>
          <code>{data.body.device_api_key}</code> <CopyButton text={data.body.device_api_key} what="key" />
        </p>
        <p>
          Put it into the environment of the device as <code>VERGEAI_API_KEY</code>, and let it work: <code>train.mjs</code> exports what trains.
        </p>
        <pre className={styles.code} tabIndex={0} role="region" aria-label="Run the device">
          <code>{command}</code>
        </pre>
        <Button
          look="main"
          onClick={() => {
            setTyped({ name: '', labels: '' });
            reset();
          }}
        >
          I have stored it
        </Button>
      </Notice>
    );
  }
  return (
    <form
      className={styles.part}
      aria-label="Register a device"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <div className={styles.create}>
        <Field label="Name of a new device" value={typed.name} maxLength={200} placeholder="laptop-1" autoComplete="off" onChange={({ target }) => setTyped({ ...typed, name: target.value })} />
        <Field label="Labels, separated by commas" value={typed.labels} placeholder="gpu, lab 3" autoComplete="off" onChange={({ target }) => setTyped({ ...typed, labels: target.value })} />
        <Button type="submit" disabled={isPending}>
          {isPending ? 'Registering…' : 'Register'}
        </Button>
      </div>
      {error && <ErrorText error={error} />}
      <CodeDisclosure requests={[shownRequest('Register the device', 'device.create', input)]} />
    </form>
  );
}
