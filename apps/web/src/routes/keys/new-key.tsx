import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { Field } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { selectClass } from '../../ui/select.js';
import styles from './page.module.css';

const DAY_SEC = 86_400;
const LASTS = [
  { days: 0, word: 'until it is revoked' },
  { days: 30, word: 'for 30 days' },
  { days: 90, word: 'for 90 days' },
  { days: 365, word: 'for a year' },
] as const;

/** Makes a key and shows its secret once: afterwards nobody has it but who stored it. */
export function NewKey() {
  const queries = useQueryClient();
  const { mutate, data, reset, isPending, error } = useMutation({
    mutationFn: ({ label, days }: { label: string; days: number }) => api.APIKey.create({ ...(label !== '' && { label }), ...(days > 0 && { expires_in_sec: days * DAY_SEC }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['auth.list'] }),
    // The secret is gone with the notice that shows it.
    gcTime: 0,
  });
  if (data) {
    return (
      <Notice title="Your new key">
        <p>It is shown this once. The server keeps no copy that anybody can read.</p>
        <p>
          <code>{data.body.key}</code> <CopyButton text={data.body.key} what="key" />
        </p>
        <Button look="main" onClick={reset}>
          I have stored it
        </Button>
      </Notice>
    );
  }
  return (
    <form
      className={styles.create}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const label = form.get('label');
        mutate({ label: typeof label === 'string' ? label.trim() : '', days: Number(form.get('days')) });
      }}
    >
      <Field label="What the new key is for" name="label" maxLength={100} placeholder="Training script" autoComplete="off" />
      <select name="days" className={selectClass} aria-label="How long it holds">
        {LASTS.map(({ days, word }) => (
          <option key={days} value={days}>
            Holds {word}
          </option>
        ))}
      </select>
      <Button type="submit" disabled={isPending}>
        {isPending ? 'Creating…' : 'Create a key'}
      </Button>
      {error && <ErrorText error={error} />}
    </form>
  );
}
