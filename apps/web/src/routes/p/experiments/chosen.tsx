import { Link, useNavigate } from '@tanstack/react-router';
import { MOST_COMPARED } from '../../../api/most-compared.js';
import { useKey } from '../../../app/keys/use-key.js';
import { Button, buttonClass } from '../../../ui/button.js';
import styles from './page.module.css';

/** What was chosen to be compared, also of what is not on the screen. */
export function Chosen({ project, chosen, clear }: { project: string; chosen: readonly string[]; clear: () => void }) {
  const navigate = useNavigate();
  const search = { ids: chosen.join() };
  const canCompare = chosen.length > 1;
  useKey('x', 'Choose the row to compare, or not', toggleFocused);
  useKey('c', 'Compare what is chosen', () => {
    if (canCompare) void navigate({ to: '/p/$project/compare', params: { project }, search });
  });
  if (chosen.length === 0) return null;
  return (
    <div className={styles.chosen} role="group" aria-label="Chosen experiments">
      <p role="status">
        {chosen.length} chosen{canCompare ? (chosen.length === MOST_COMPARED ? ', as many as can be compared' : '') : ': one more, and they can be compared'}
      </p>
      {canCompare && (
        <Link to="/p/$project/compare" params={{ project }} search={search} className={buttonClass}>
          Compare
        </Link>
      )}
      <Button onClick={clear}>Clear</Button>
    </div>
  );
}

/** The row whose link has the focus. */
function toggleFocused(): void {
  document.activeElement?.closest('tr')?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
}
