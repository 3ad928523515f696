import { useEffect, useRef } from 'react';
import { bind } from './bindings.js';

/** Does something when a key is pressed that is meant for nobody else, as long as the component is shown. `what` is listed for `?`. */
export function useKey(key: string, what: string, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => bind({ key, what, act: () => latest.current() }), [key, what]);
}
