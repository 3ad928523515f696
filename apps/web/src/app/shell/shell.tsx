import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { lazy, useEffect, useSyncExternalStore } from 'react';
import { currentSession, onSession } from '../../api/session.js';
import { ConnectionBar } from '../../live/connection-bar.js';
import { useLive } from '../../live/use-live.js';
import { Late } from '../../ui/late.js';
import { NewVersionBar } from '../../version/new-version-bar.js';
import { Account } from './account.js';
import styles from './shell.module.css';

const SessionOver = lazy(async () => ({ default: (await import('../session/session-over.js')).SessionOver }));

/** What stands around every page: who is signed in, where one is, and what to do when the session is over. */
export function Shell() {
  const session = useSyncExternalStore(onSession, currentSession);
  useSignInFirst(session.state === 'none');
  useLive(session.state === 'open');
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.home}>
          <Mark />
          Experiments
        </Link>
        <Account />
      </header>
      <ConnectionBar />
      <NewVersionBar />
      <Outlet />
      {session.state === 'over' && (
        <Late>
          <SessionOver reason={session.reason} />
        </Late>
      )}
    </div>
  );
}

/** Who has no session goes to sign in, and comes back to where they wanted to go. */
function useSignInFirst(isNeeded: boolean): void {
  const { basepath, history, navigate } = useRouter();
  useEffect(() => {
    if (!isNeeded) return;
    const { href } = history.location;
    // The path within these pages, without what the server has before it.
    const to = basepath !== '/' && href.startsWith(`${basepath}/`) ? href.slice(basepath.length) : href;
    void navigate({ to: '/sign-in', search: to === '/' ? {} : { to }, replace: true });
  }, [isNeeded, basepath, history, navigate]);
}

/** By hand, as the router would take the hash for a change of place. */
function skipToContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#content')?.focus();
}

const Mark = () => (
  <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true" className={styles.mark}>
    <path d="M5 8h11M5 16h18M5 24h14" />
    <circle cx="25" cy="8" r="2.8" />
  </svg>
);
