import type { Listed } from '../../program/command.js';

export default [
  { name: 'status', summary: 'Who you are here, and where each setting comes from', load: () => import('./status.js') },
  { name: 'token', summary: 'Print the key that is used', load: () => import('./token.js') },
  { name: 'switch', summary: 'Use another stored sign-in', load: () => import('./switch.js') },
  { name: 'keys', summary: 'Your API keys', group: () => import('./keys/keys.js') },
] satisfies readonly Listed[] as readonly Listed[];
