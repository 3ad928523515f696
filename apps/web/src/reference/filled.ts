import { baseUrl } from '../api/base-url.js';
import { ownNames, placeholder, type Own } from './own.js';

/** The ids of the reader by the names of the members that they stand in. */
export type OwnIds = Partial<Record<Own, string>>;

/** Puts the reader's own ids, and where this server is, into every example; what is not known keeps its name. */
export function fillExamples(ids: OwnIds): void {
  for (const span of document.querySelectorAll<HTMLElement>('.own')) {
    const name = span.dataset['own'] as Own | 'base_url';
    const value = name === 'base_url' ? baseUrl : ids[name];
    span.classList.toggle('known', value !== undefined);
    span.textContent = value ?? placeholder(name as Own);
  }
}

/** The same in a text. */
export const filled = (text: string, ids: OwnIds): string => ownNames.reduce((all, name) => (ids[name] === undefined ? all : all.replaceAll(placeholder(name), ids[name])), text);
