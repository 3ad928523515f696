import { element } from './element.js';
import { say } from './say.js';

/** A button on every piece of code; not where browsers allow none, which is on plain HTTP from elsewhere. */
export function startCopying(): void {
  if (!('clipboard' in navigator)) return;
  for (const figure of document.querySelectorAll<HTMLElement>('figure.code')) {
    const text = figure.querySelector('pre');
    const caption = figure.querySelector('figcaption');
    if (!text || !caption) continue;
    const button = element('button', { type: 'button', class: 'copy', 'aria-label': `Copy the ${caption.textContent} code` }, 'Copy');
    button.addEventListener('click', () => void copy(text.textContent, button));
    button.addEventListener('blur', () => (button.textContent = 'Copy'));
    caption.append(button);
  }
}

async function copy(text: string, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    say('Copied.');
  } catch {
    say('The browser did not let it be copied.');
  }
}
