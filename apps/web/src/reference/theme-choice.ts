import { chosenTheme, chooseTheme, themes, type Theme } from '../app/theme/theme.js';
import { element, required } from './element.js';

const titles: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** Light or dark, as everywhere in the dashboard. */
export function startTheme(): void {
  const select = element('select', { 'aria-label': 'Colours' }, ...themes.map((theme) => new Option(titles[theme], theme, false, theme === chosenTheme())));
  select.addEventListener('change', () => chooseTheme(select.value as Theme));
  required('#theme').append(select);
}
