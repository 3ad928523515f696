import { useEffect } from 'react';
import { askAgain } from './ask-again.js';
import { watchConnection } from './connection.js';

/** While it is shown, what pages show follows what happens at the server. */
export function useLive(): void {
  useEffect(() => {
    const ends = [watchConnection(), askAgain()];
    return () => {
      for (const end of ends) end();
    };
  }, []);
}
