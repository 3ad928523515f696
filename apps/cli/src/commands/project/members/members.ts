import type { Listed } from '../../../program/command.js';

export default [
  { name: 'list', summary: 'List the members', load: () => import('./list.js') },
  { name: 'add', summary: 'Add a member', load: () => import('./add.js') },
  { name: 'set', summary: 'Change what a member may do', load: () => import('./set.js') },
  { name: 'remove', summary: 'Remove a member', load: () => import('./remove.js') },
] satisfies readonly Listed[] as readonly Listed[];
