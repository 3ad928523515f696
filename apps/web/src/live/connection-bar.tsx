import { useEffect, useSyncExternalStore } from 'react';
import { Button } from '../ui/button.js';
import { useNow } from '../ui/now.js';
import { say } from '../ui/live-region.js';
import { clockTime } from '../ui/time.js';
import { currentConnection, onConnection, tryNow, type Connection } from './connection.js';
import bar from '../ui/bar.module.css';

/** Says since when the server has not answered: what is on the screen is from before. */
export function ConnectionBar() {
  const connection = useSyncExternalStore(onConnection, currentConnection);
  const isLost = connection.state === 'lost';
  useEffect(() => {
    if (!isLost) return;
    say('Not connected.');
    return () => say('Connected again.');
  }, [isLost]);
  return connection.state === 'lost' ? <Bar connection={connection} /> : null;
}

function Bar({ connection: { since, nextTryAt } }: { connection: Extract<Connection, { state: 'lost' }> }) {
  const now = useNow(1000);
  return (
    <section aria-label="Connection" className={bar.bar}>
      <p>
        Not connected since {clockTime(since)}. {nextTryAt === undefined ? 'Trying…' : `Next try in ${Math.max(1, Math.ceil((nextTryAt - now) / 1000))} s.`}
      </p>
      <Button disabled={nextTryAt === undefined} onClick={() => void tryNow()}>
        Try now
      </Button>
    </section>
  );
}
