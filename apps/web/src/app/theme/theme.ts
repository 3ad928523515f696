/** What a person can choose; `system` follows the machine. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

// first-paint.js reads it before anything is shown.
const STORED = 'verge-theme';
const CHANGED = 'verge-theme-changed';

const root = document.documentElement;

export function chosenTheme(): Theme {
  const { theme } = root.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, theme);
  } catch {
    // It holds for this page, then.
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** Calls back whenever somebody chooses. Returns what ends it. */
export function onChoice(tell: () => void): () => void {
  window.addEventListener(CHANGED, tell);
  return () => window.removeEventListener(CHANGED, tell);
}

/** What of the machine decides about colours. */
export const themeQueries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'] as const;

/** Calls back whenever colours may have changed, for what is drawn and not styled: canvases. Returns what ends it. */
export function onThemeChange(tell: () => void): () => void {
  const systems = themeQueries.map((query) => matchMedia(query));
  const ends = onChoice(tell);
  for (const system of systems) system.addEventListener('change', tell);
  return () => {
    ends();
    for (const system of systems) system.removeEventListener('change', tell);
  };
}
