import { useEffect, useRef } from 'react';

const KEYS: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', 'j', 'k']);

/** Calls `leave` when somebody scrolls the page, by wheel, touch or key. */
export function useMovingAway(leave: () => void): void {
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  useEffect(() => {
    const moved = () => latest.current();
    const typed = ({ key, target }: KeyboardEvent) => {
      if (KEYS.has(key) && !(target instanceof Element && target.matches('input, select, textarea'))) moved();
    };
    addEventListener('wheel', moved, { passive: true });
    addEventListener('touchmove', moved, { passive: true });
    addEventListener('keydown', typed);
    return () => {
      removeEventListener('wheel', moved);
      removeEventListener('touchmove', moved);
      removeEventListener('keydown', typed);
    };
  }, []);
}
