import { walkJson } from '../exact-json/index.js';

/** What an object, or a list, as JSON text, has in it, each as it is written: by name, or by index from `0`. */
export const membersOf = (text: string): Map<string, string> => walkJson(text, () => {});
