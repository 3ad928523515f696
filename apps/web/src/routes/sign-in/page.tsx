import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { baseUrl } from '../../api/base-url.js';
import { signIn } from '../../api/session.js';
import { SignInForm } from '../../app/session/sign-in-form.js';
import { takeSignInCode } from '../../app/sign-in-code.js';
import { ErrorText } from '../../ui/error-panel.js';
import { Notice } from '../../ui/notice.js';
import { useTitle } from '../../ui/title.js';
import styles from './page.module.css';

const route = getRouteApi('/sign-in');

export default function SignInPage() {
  useTitle('Sign in');
  const { to = '/' } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const goOn = () => {
    // Another person's answers may still be here.
    queries.clear();
    // The reference is a page of its own.
    if (/^\/docs(?![^/?#])/.test(to)) return location.replace(baseUrl + to);
    router.history.replace(router.basepath === '/' ? to : router.basepath + to);
  };
  const { mutate, isPending, error } = useMutation({ mutationFn: (code: string) => signIn({ code }), gcTime: 0, onSuccess: goOn });
  useEffect(() => {
    const code = takeSignInCode();
    if (code !== undefined) mutate(code);
  }, [mutate]);

  return (
    <main className={styles.page}>
      <h1>Sign in</h1>
      {isPending && <p role="status">The link is being checked…</p>}
      {error && (
        <Notice title="The link does not sign in any more" tone="bad">
          <ErrorText error={error} />
        </Notice>
      )}
      {!isPending && <SignInForm done={goOn} />}
    </main>
  );
}
