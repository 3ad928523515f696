import { chosenTheme } from '../app/theme/theme.js';

/** The colours of a chart as a canvas takes them: tokens tell two, of which the theme says which. */
export function readColours(host: HTMLElement) {
  const probe = host.appendChild(document.createElement('span'));
  const read = (colour: string): string => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const colours = {
    main: read('var(--series-1)'),
    behind: read('color-mix(in srgb, var(--series-1) 55%, transparent)'),
    band: read('color-mix(in srgb, var(--series-1) 20%, transparent)'),
    mark: read('var(--bad)'),
    line: read('var(--line)'),
    text: read('var(--text-dim)'),
  };
  probe.remove();
  return colours;
}

/** Differs whenever the colours do. */
export const themeNow = (): string => `${chosenTheme()} ${matchMedia('(prefers-color-scheme: dark)').matches}`;
