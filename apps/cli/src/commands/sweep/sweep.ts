import type { Listed } from '../../program/command.js';

export default [
  { name: 'list', summary: 'List the sweeps of a project', load: () => import('./list.js') },
  { name: 'create', summary: 'Try hyperparameters on forks of an experiment', load: () => import('./create.js') },
  { name: 'view', summary: 'Show the forks of a sweep, the best one first', load: () => import('./view.js') },
  { name: 'cancel', summary: 'Cancel what is left of a sweep', load: () => import('./cancel.js') },
] satisfies readonly Listed[] as readonly Listed[];
