import type { Listed } from '../../program/command.js';

export default [
  { name: 'create', summary: 'Add a job to the experiment: one round of training', load: () => import('./create.js') },
  { name: 'list', summary: 'List the jobs of the experiment', load: () => import('./list.js') },
  { name: 'view', summary: 'Show a job', load: () => import('./view.js') },
  { name: 'devices', summary: 'Show the devices of a job and how far each is', load: () => import('./devices.js') },
  { name: 'wait', summary: 'Wait until a job has ended', load: () => import('./wait.js') },
  { name: 'cancel', summary: 'Cancel a job', load: () => import('./cancel.js') },
  { name: 'retry', summary: 'Repeat a job that failed or was cancelled', load: () => import('./retry.js') },
] satisfies readonly Listed[] as readonly Listed[];
