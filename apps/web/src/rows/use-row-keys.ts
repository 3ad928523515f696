import { useRef } from 'react';
import { useKey } from '../app/keys/use-key.js';

/** How many frames a row may take to be there once it has been scrolled to. */
const FRAMES = 10;

/** `j` and `k` go from row to row; the link of a row has the focus, so that Enter opens it. */
export function useRowKeys(count: number, scrollTo: (index: number) => void): void {
  // A row that is scrolled away takes its focus along, and a key that is held down comes before the next row is there.
  const last = useRef<number>(undefined);
  const go = (by: number) => {
    const next = Math.max(0, Math.min(count - 1, (last.current ?? -1) + by));
    last.current = next;
    scrollTo(next);
    focusSoon(() => (last.current === next ? document.querySelector<HTMLElement>(`[data-row="${next}"]`) : undefined), FRAMES);
  };
  useKey('j', 'Next row', () => go(1));
  useKey('k', 'Row before', () => go(-1));
}

/** `find` gives null while it is not there, and undefined when it is not wanted any more. */
function focusSoon(find: () => HTMLElement | null | undefined, frames: number): void {
  const found = find();
  if (found) found.focus({ preventScroll: true });
  else if (found === null && frames > 0) requestAnimationFrame(() => focusSoon(find, frames - 1));
}
