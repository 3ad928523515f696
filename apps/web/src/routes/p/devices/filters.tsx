import { useRef } from 'react';
import { useKey } from '../../../app/keys/use-key.js';
import { Button } from '../../../ui/button.js';
import { inputClass } from '../../../ui/field.js';
import { selectClass } from '../../../ui/select.js';
import { presences, presenceWords, type DevicesSearch } from './search.js';
import styles from './page.module.css';

interface Props {
  readonly search: DevicesSearch;
  readonly change: (changes: DevicesSearch) => void;
}

export function Filters({ search, change }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useKey('/', 'Search', () => input.current?.focus());
  const ask = (form: HTMLFormElement) => {
    const typed = new FormData(form).get('q');
    change({ q: (typeof typed === 'string' && typed.trim()) || undefined });
  };
  return (
    <search className={styles.filters}>
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          ask(event.currentTarget);
        }}
      >
        <input ref={input} key={search.q} name="q" type="search" className={inputClass} aria-label="Search by name or id" placeholder="Name, or beginning of the id" maxLength={200} defaultValue={search.q} />
        <Button type="submit">Search</Button>
      </form>
      <select className={selectClass} aria-label="Which presence" value={search.presence ?? ''} onChange={({ target }) => change({ presence: presences.find((one) => one === target.value) })}>
        <option value="">There or not</option>
        {presences.map((one) => (
          <option key={one} value={one}>
            {presenceWords[one]}
          </option>
        ))}
      </select>
      {search.label !== undefined && (
        <Button aria-label={`Label: ${search.label}, clear`} onClick={() => change({ label: undefined })}>
          Label: {search.label} ×
        </Button>
      )}
    </search>
  );
}
