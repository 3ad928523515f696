import { lazy, useEffect, useState } from 'react';
import { Button } from '../../ui/button.js';
import { Late } from '../../ui/late.js';

const Palette = lazy(() => import('./palette.js'));

/** Opens what leads everywhere, by a click or by Ctrl K, also while somebody types. */
export function PaletteButton() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      setOpen((open) => !open);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <Button look="quiet" title="Go to (Ctrl K)" onClick={() => setOpen(true)}>
        Go to
      </Button>
      {isOpen && (
        <Late instead={null}>
          <Palette close={() => setOpen(false)} />
        </Late>
      )}
    </>
  );
}
