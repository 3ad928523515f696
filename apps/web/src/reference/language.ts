import { keep, kept } from './kept.js';

const PARAMETER = 'lang';

/** The choice of a language is in the address, to be sent to others, and kept for the next time. The page's style does the rest. */
export function startLanguages(): void {
  const choices = [...document.querySelectorAll<HTMLInputElement>('input[name=language]')];
  const wanted = new URLSearchParams(location.search).get(PARAMETER) ?? kept(PARAMETER);
  const choice = choices.find(({ value }) => value === wanted);
  if (choice) choice.checked = true;
  for (const each of choices) each.addEventListener('change', () => remember(each.value));
}

function remember(language: string): void {
  keep(PARAMETER, language);
  const address = new URL(location.href);
  address.searchParams.set(PARAMETER, language);
  // What was being read stays where it is on the screen, though the examples above it have another height.
  const read = [...document.querySelectorAll('.operation')].find((section) => section.getBoundingClientRect().bottom > innerHeight / 3);
  const top = read?.getBoundingClientRect().top;
  history.replaceState(history.state, '', address);
  if (read && top !== undefined) scrollBy({ top: read.getBoundingClientRect().top - top, behavior: 'instant' });
}
