import { useState } from 'react';
import { Button } from './button.js';
import { say } from './live-region.js';

/** Copies a text. It is not there where browsers allow none: on plain HTTP from elsewhere. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  if (!('clipboard' in navigator)) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    say(`Copied the ${what}.`);
  };
  return (
    <Button look="quiet" aria-label={`Copy the ${what}`} onClick={() => void copy().catch(() => say(`The browser did not let the ${what} be copied.`))} onBlur={() => setCopied(false)}>
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}
