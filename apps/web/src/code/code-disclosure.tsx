import { CodePanel } from './code-panel.js';
import type { ShownRequest } from './shown-request.js';
import styles from './code-panel.module.css';

/** “Code”, beside what somebody can do: the same as requests. It is written when it is opened. */
export function CodeDisclosure({ requests, label = 'Code' }: { requests: readonly ShownRequest[]; label?: string }) {
  if (requests.length === 0) return null;
  return (
    <details className={styles.disclosure}>
      <summary>{label}</summary>
      <CodePanel requests={requests} />
    </details>
  );
}
