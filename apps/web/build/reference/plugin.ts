import type { Plugin } from 'vite';
import { referencePage } from './page.js';

const PLACE = /<!-- reference:.*?-->/;

/** Writes the reference into docs.html. */
export function reference(): Plugin {
  return {
    name: 'reference',
    transformIndexHtml: {
      order: 'pre',
      handler: (page, { path }) => (path.endsWith('/docs.html') ? page.replace(PLACE, () => referencePage().text) : page),
    },
  };
}
