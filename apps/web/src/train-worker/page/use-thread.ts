import { useEffect, useState } from 'react';
import { startThread, type Thread } from './start-thread.js';

/** A thread for as long as the component is there; undefined until it has begun. */
export function useThread(): Thread | undefined {
  const [thread, setThread] = useState<Thread>();
  useEffect(() => {
    const started = startThread();
    setThread(started);
    return () => started.end();
  }, []);
  return thread;
}
