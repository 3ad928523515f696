import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { baseUrl } from '../../api/base-url.js';
import { api } from '../../api/client.js';
import { codeFor, languageNames, type Language } from '../../code/code.js';
import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { selectClass } from '../../ui/select.js';
import type { Which } from '../experiment.js';
import styles from './take.module.css';

/** The model as a file, and the same as code. */
export function TakeAway({ which, numDevices, lastJob }: { which: Which; numDevices: number; lastJob: number }) {
  const download = useMutation({
    mutationFn: async () => save(await api.Experiment.current_model(which).bytes(), `model-after-job-${lastJob}.safetensors`),
  });
  const [language, setLanguage] = useState<Language>('python');
  return (
    <section className={styles.take} aria-labelledby="take-title">
      <h3 id="take-title">Take it with you</h3>
      <p className={styles.row}>
        <Button disabled={download.isPending} onClick={() => download.mutate()}>
          Download the model
        </Button>
        <span className={styles.hint}>
          A safetensors file. In PyTorch it is <code>Sequential(Linear, ReLU, Linear)</code>.
        </span>
      </p>
      {download.error && <ErrorText error={download.error} />}
      <label className={styles.row}>
        The same by a program, in
        <select className={selectClass} value={language} onChange={({ target }) => setLanguage(languageNames.find((one) => one.language === target.value)!.language)}>
          {languageNames.map((one) => (
            <option key={one.language} value={one.language}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <Code title="Five more jobs" code={codeFor(language, 'job.create_series', { ...which, num_devices: numDevices, count: 5 }, baseUrl)} />
      <Code title="A link to the model" code={codeFor(language, 'experiment.current_model', { ...which }, baseUrl)} />
    </section>
  );
}

function Code({ title, code }: { title: string; code: string }) {
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.row}>
        {title} <CopyButton text={code} what={`code: ${title}`} />
      </figcaption>
      <pre className={styles.code}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

/** Hands a file over to the browser's downloads. */
function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // By then the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
