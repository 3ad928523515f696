import { element, required } from './element.js';
import { say } from './say.js';
import { find, type Entry } from './search-index.js';

/** A field that finds what the page has, as one types. `/` goes to it. */
export function startSearch(): void {
  const field = element('input', { type: 'search', id: 'find', placeholder: 'Search', autocomplete: 'off', spellcheck: 'false', 'aria-controls': 'found', 'aria-keyshortcuts': '/' });
  const found = element('ul', { id: 'found', 'aria-label': 'Found' });
  found.hidden = true;
  const box = required<HTMLElement>('#search');
  box.setAttribute('role', 'search');
  box.append(element('label', { for: 'find', class: 'unseen' }, 'Search the reference'), field, found);

  let entries: readonly Entry[] | undefined;
  const show = () => {
    entries ??= readEntries();
    const all = find(entries, field.value);
    found.replaceChildren(...all.map((entry) => element('li', {}, element('a', { href: `#${entry.id}` }, element('code', {}, entry.title), ` ${entry.about}`))));
    if (all.length === 0 && field.value.trim() !== '') found.append(element('li', { class: 'nothing' }, `Nothing has “${field.value.trim()}” in it.`));
    found.hidden = field.value.trim() === '';
    if (!found.hidden) say(all.length === 0 ? 'Nothing found.' : `${all.length} found.`);
  };
  const close = () => (found.hidden = true);
  const links = () => [...found.querySelectorAll('a')];

  field.addEventListener('input', show);
  field.addEventListener('focus', show);
  found.addEventListener('click', close);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !found.hidden) {
      close();
      field.focus();
      event.preventDefault();
    }
    if (event.key === 'Enter' && event.target === field) links()[0]?.click();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const stops: HTMLElement[] = [field, ...links()];
    stops[stops.indexOf(document.activeElement as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!box.contains(event.target as Node)) close();
  });
  document.addEventListener('focusin', (event) => {
    if (!box.contains(event.target as Node)) close();
  });
  document.addEventListener('keydown', (event) => {
    const typing = (event.target as Element).closest('input, textarea, select');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
}

const readEntries = (): Entry[] =>
  Array.from(document.querySelectorAll<HTMLElement>('[data-find]'), (section) => ({
    id: section.id,
    title: section.dataset['find']!,
    about: aboutOf(section),
    text: section.textContent.toLowerCase(),
  }));

/** An operation says it in its heading, an error or an event in its first sentence. */
function aboutOf(section: HTMLElement): string {
  const heading = section.querySelector('h3')?.textContent.trim() ?? '';
  if (section.classList.contains('operation')) return heading;
  return section.querySelector('dd, p:not(.wire)')?.textContent.trim() ?? heading;
}
