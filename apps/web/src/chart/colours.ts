import { chosenTheme, themeQueries } from '../app/theme/theme.js';

/** Reads colours as a canvas takes them: tokens tell two, of which the theme says which. `done` when all are read. */
export function colourReader(host: HTMLElement): ((colour: string) => string) & { readonly done: () => void } {
  const probe = host.appendChild(document.createElement('span'));
  // Tokens are the system's own colours where it chooses them; on a text all of them would be that of texts.
  probe.style.forcedColorAdjust = 'none';
  const read = (colour: string): string => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  return Object.assign(read, { done: () => probe.remove() });
}

/** The colours of a curve with its band. */
export function readColours(host: HTMLElement) {
  const read = colourReader(host);
  const colours = {
    main: read('var(--series-1)'),
    behind: read('color-mix(in srgb, var(--series-1) 55%, transparent)'),
    band: read('color-mix(in srgb, var(--series-1) 20%, transparent)'),
    mark: read('var(--bad)'),
    line: read('var(--line)'),
    text: read('var(--text-dim)'),
  };
  read.done();
  return colours;
}

/** Differs whenever the colours do. */
export const themeNow = (): string => [chosenTheme(), ...themeQueries.map((query) => matchMedia(query).matches)].join(' ');
