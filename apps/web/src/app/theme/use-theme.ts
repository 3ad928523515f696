import { useSyncExternalStore } from 'react';
import { chosenTheme, onChoice, type Theme } from './theme.js';

/** What was chosen, in a page that is to change with it. */
export const useTheme = (): Theme => useSyncExternalStore(onChoice, chosenTheme);
