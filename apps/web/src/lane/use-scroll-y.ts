import { useSyncExternalStore } from 'react';

function subscribe(tell: () => void): () => void {
  addEventListener('scroll', tell, { passive: true });
  addEventListener('resize', tell);
  return () => {
    removeEventListener('scroll', tell);
    removeEventListener('resize', tell);
  };
}

/** How far the page is scrolled down, in pixels, as it goes. */
export const useScrollY = (): number => useSyncExternalStore(subscribe, () => scrollY);
