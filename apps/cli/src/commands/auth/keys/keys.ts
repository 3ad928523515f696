import type { Listed } from '../../../program/command.js';

export default [
  { name: 'list', summary: 'List your keys, without their secrets', load: () => import('./list.js') },
  { name: 'create', summary: 'Make another key', load: () => import('./create.js') },
  { name: 'revoke', summary: 'Revoke a key at once', load: () => import('./revoke.js') },
] satisfies readonly Listed[] as readonly Listed[];
