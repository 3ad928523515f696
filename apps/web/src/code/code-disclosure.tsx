import { lazy, useState } from 'react';
import { Late } from '../ui/late.js';
import type { ShownRequest } from './shown-request.js';
import styles from './code-disclosure.module.css';

/** Who looks at no code fetches nothing that writes it. */
const CodePanel = lazy(async () => ({ default: (await import('./code-panel.js')).CodePanel }));

/** “Code”, beside what somebody can do: the same as requests. It is written when it is opened. */
export function CodeDisclosure({ requests, label = 'Code' }: { requests: readonly ShownRequest[]; label?: string }) {
  const [isOpen, setOpen] = useState(false);
  if (requests.length === 0) return null;
  return (
    <details className={styles.disclosure} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{label}</summary>
      {isOpen && (
        <Late>
          <CodePanel requests={requests} />
        </Late>
      )}
    </details>
  );
}
