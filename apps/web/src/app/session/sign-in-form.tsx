import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { baseUrl } from '../../api/base-url.js';
import { signIn } from '../../api/session.js';
import { Button } from '../../ui/button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { Field } from '../../ui/field.js';
import styles from './sign-in-form.module.css';

/** Exchanges a key for a session. The key is in the field until then, and nowhere afterwards. */
export function SignInForm({ done }: { done: () => void }) {
  const field = useRef<HTMLFormElement>(null);
  const { mutate, isPending, error } = useMutation({
    mutationFn: signIn,
    // The key is not to stay with what has been done.
    gcTime: 0,
    onSuccess() {
      field.current?.reset();
      done();
    },
  });
  return (
    <form
      ref={field}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        const key = new FormData(event.currentTarget).get('key');
        if (typeof key === 'string' && key.trim() !== '') mutate({ key: key.trim() });
      }}
    >
      {/* Password managers want a name beside what they keep. */}
      <input className={styles.user} type="text" name="username" autoComplete="username" defaultValue={new URL(baseUrl).host} tabIndex={-1} aria-hidden="true" readOnly />
      <Field label="API key" name="key" type="password" autoComplete="current-password" required autoFocus spellCheck={false} hint="It is exchanged for a session. This browser does not keep it." />
      {error && (
        <div role="alert" className={styles.error}>
          <ErrorText error={error} />
        </div>
      )}
      <Button type="submit" look="main" disabled={isPending}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </Button>
      <WhereIsMyKey />
    </form>
  );
}

function WhereIsMyKey() {
  return (
    <details className={styles.where}>
      <summary>Where do I find my key?</summary>
      <p>Whoever started this server found it in what that printed, or a file with the key is named there. This prints a link that signs in once:</p>
      <pre>
        <code>{`curl -s -X POST ${baseUrl}/v1/auth/create_sign_in_code -H "Authorization: $VERGEAI_API_KEY"`}</code>
      </pre>
      <p>Everybody else gets one from the server’s admin, who makes users.</p>
    </details>
  );
}
