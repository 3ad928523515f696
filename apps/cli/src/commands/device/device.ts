import type { Listed } from '../../program/command.js';

export default [
  { name: 'list', summary: 'List the devices of a project', load: () => import('./list.js') },
  { name: 'register', summary: 'Register a device; its key is shown once', load: () => import('./register.js') },
  { name: 'view', summary: 'Show a device', load: () => import('./view.js') },
  { name: 'edit', summary: 'Change name, labels or config of a device', load: () => import('./edit.js') },
  { name: 'run', summary: 'Train here: be a device, with a function of yours', load: () => import('./run.js') },
  { name: 'delete', summary: 'Revoke a device and its key', load: () => import('./delete.js') },
] satisfies readonly Listed[] as readonly Listed[];
