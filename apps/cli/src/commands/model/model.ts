import type { Listed } from '../../program/command.js';

export default [
  { name: 'submit', summary: "Submit the experiment's start model from a file", load: () => import('./submit.js') },
  { name: 'download', summary: 'Download a model, checked byte for byte', load: () => import('./download.js') },
  { name: 'show', summary: 'Show size, format, hash and parent of a model', load: () => import('./show.js') },
  { name: 'layout', summary: "List a model's tensors", load: () => import('./layout.js') },
  { name: 'lineage', summary: 'List which model came of which', load: () => import('./lineage.js') },
] satisfies readonly Listed[] as readonly Listed[];
