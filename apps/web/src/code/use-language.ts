import { useSyncExternalStore } from 'react';
import { keep, kept } from '../reference/kept.js';
import { languageNames, type Language } from './code.js';

// By the same name as in the reference: who reads Python there reads Python here.
const NAME = 'lang';
const listeners = new Set<() => void>();
let chosen: Language | undefined;

const current = (): Language => (chosen ??= languageNames.find(({ language }) => language === kept(NAME))?.language ?? 'curl');

function choose(language: Language): void {
  chosen = language;
  keep(NAME, language);
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The language in which code is shown, one for all pages, and how another one is chosen. */
export const useLanguage = (): readonly [Language, (language: Language) => void] => [useSyncExternalStore(subscribe, current), choose];
