import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useKey } from '../../../app/keys/use-key.js';
import { inputClass } from '../../../ui/field.js';
import { selectClass } from '../../../ui/select.js';
import type { ExperimentsSearch } from './search.js';
import styles from './page.module.css';

/** How long somebody pauses who has typed what they look for. */
const PAUSE_MS = 250;

interface Props {
  readonly search: ExperimentsSearch;
  readonly change: (changes: ExperimentsSearch) => void;
  readonly children: ReactNode;
}

export function Filters({ search, change, children }: Props) {
  return (
    <search className={styles.filters}>
      <Search q={search.q} change={change} />
      <select className={selectClass} aria-label="Which state" value={search.status ?? ''} onChange={({ target }) => change({ status: target.value === 'active' || target.value === 'idle' ? target.value : undefined })}>
        <option value="">Any state</option>
        <option value="active">Active</option>
        <option value="idle">Idle</option>
      </select>
      <select className={selectClass} aria-label="Archived ones" value={search.archived ?? ''} onChange={({ target }) => change({ archived: target.value === 'include' || target.value === 'only' ? target.value : undefined })}>
        <option value="">Without archived</option>
        <option value="include">With archived</option>
        <option value="only">Archived only</option>
      </select>
      {search.tag !== undefined && (
        <button type="button" className={styles.chosenTag} onClick={() => change({ tag: undefined })}>
          Tag: {search.tag} <span aria-hidden="true">×</span>
          <span className={styles.hidden}>, clear</span>
        </button>
      )}
      {children}
    </search>
  );
}

/** Its own text while somebody types; what the URL says whenever that changes by another way. */
function Search({ q = '', change }: { q: string | undefined; change: Props['change'] }) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState({ text: q, of: q });
  if (typed.of !== q) setTyped({ text: q, of: q });
  const apply = useRef(change);
  useEffect(() => {
    apply.current = change;
  });
  useEffect(() => {
    if (typed.text === q) return;
    const timer = setTimeout(() => apply.current({ q: typed.text.trim() || undefined }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed.text, q]);
  useKey('/', 'Search', () => input.current?.focus());
  return (
    <input
      ref={input}
      type="search"
      className={`${inputClass} ${styles.search}`}
      aria-label="Search by name or id"
      placeholder="Name, or beginning of the id"
      maxLength={200}
      value={typed.text}
      onChange={({ target }) => setTyped({ text: target.value, of: q })}
    />
  );
}
