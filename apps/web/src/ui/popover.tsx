import { useId, type ReactNode } from 'react';
import { buttonClass } from './button.js';
import styles from './popover.module.css';

/** A button that opens a panel below it. The browser closes it by Escape and by a click elsewhere. */
export function Popover({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  const anchor = `--${id.replaceAll(/\W/g, '')}`;
  return (
    <>
      <button type="button" className={buttonClass} popoverTarget={id} style={{ anchorName: anchor }}>
        {label}
      </button>
      <div id={id} popover="auto" role="group" aria-label={label} className={styles.panel} style={{ positionAnchor: anchor }}>
        {children}
      </div>
    </>
  );
}
