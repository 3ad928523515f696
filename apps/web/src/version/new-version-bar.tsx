import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { ask } from '../api/ask.js';
import { Button } from '../ui/button.js';
import { say } from '../ui/live-region.js';
import { arePagesOld, noteVersion, onPagesOld } from './version.js';
import bar from '../ui/bar.module.css';

/** Says that the server has newer pages than these, which go on until somebody reloads them. */
export function NewVersionBar() {
  const isOld = useSyncExternalStore(onPagesOld, arePagesOld);
  const { data: me } = useQuery(ask('auth.whoami', {}));
  const version = me?.server.version;
  useEffect(() => {
    if (version !== undefined) noteVersion(version);
  }, [version]);
  useEffect(() => {
    if (isOld) say('There is a new version of these pages.');
  }, [isOld]);
  if (!isOld) return null;
  return (
    <section aria-label="New version" className={bar.bar} data-tone="plain">
      <p>There is a new version of these pages. Reload when you like: what was typed and not sent is lost, and what trains in this tab ends.</p>
      <Button onClick={() => location.reload()}>Reload</Button>
    </section>
  );
}
