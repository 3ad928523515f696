export interface Binding {
  /** One key, or two to be pressed one after the other: `g o`. */
  readonly key: string;
  /** What it does, in a word or two. */
  readonly what: string;
  readonly act: () => void;
}

const bindings: Binding[] = [];

/** Keys that do something now; of two for the same key, the one that came last. */
export const bound = (): readonly Binding[] => bindings.filter(({ key }, index) => bindings.findLastIndex((one) => one.key === key) === index);

export function bind(binding: Binding): () => void {
  if (bindings.length === 0) addEventListener('keydown', onKey);
  bindings.push(binding);
  return () => {
    bindings.splice(bindings.indexOf(binding), 1);
    if (bindings.length === 0) removeEventListener('keydown', onKey);
  };
}

const STORED = 'verge-single-keys';

/** Single keys get in the way of some who speak to their machine, so that they can be switched off (WCAG 2.1.4). */
export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export function switchKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, 'off');
  } catch {
    // The browser keeps nothing, so nothing can be chosen.
  }
}

/** How long the second of two keys may take. */
const SEQUENCE_MS = 1_500;
let first: { readonly key: string; readonly at: number } | undefined;

function onKey(event: KeyboardEvent): void {
  const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event;
  if (defaultPrevented || ctrlKey || metaKey || altKey || takesText(target) || !areKeysOn()) return;
  if (document.querySelector('dialog[open]') !== null && key !== '?') return;
  const started = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ` : '';
  first = undefined;
  const binding = bindings.findLast((one) => one.key === started + key);
  if (!binding) {
    if (started === '' && bindings.some((one) => one.key.startsWith(`${key} `))) first = { key, at: event.timeStamp };
    return;
  }
  event.preventDefault();
  binding.act();
}

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select'));
