import { useEffect } from 'react';

const PRODUCT = 'Experiments';

/** What the browser's tab says while a page is open that knows its own name. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${PRODUCT}` : PRODUCT;
  }, [title]);
}
