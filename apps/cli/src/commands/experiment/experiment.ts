import type { Listed } from '../../program/command.js';

export default [
  { name: 'list', summary: 'List the experiments of a project', load: () => import('./list.js') },
  { name: 'create', summary: 'Create an experiment', load: () => import('./create.js') },
  { name: 'view', summary: 'Show an experiment with its last jobs', load: () => import('./view.js') },
  { name: 'edit', summary: 'Change name, description, tags or hyperparameters', load: () => import('./edit.js') },
  { name: 'compare', summary: 'Show experiments side by side', load: () => import('./compare.js') },
  { name: 'fork', summary: "Make a new experiment that starts from one of this one's models", load: () => import('./fork.js') },
  { name: 'rollback', summary: 'Make a model that it had before its current one again', load: () => import('./rollback.js') },
  { name: 'pause', summary: 'Let no further job start; one that runs goes on', load: () => import('./pause.js') },
  { name: 'resume', summary: 'Let jobs of a paused experiment start again', load: () => import('./resume.js') },
  { name: 'delete', summary: 'Delete an experiment with its jobs and models', load: () => import('./delete.js') },
  { name: 'use', summary: 'Choose the experiment that commands are about', load: () => import('./use.js') },
] satisfies readonly Listed[] as readonly Listed[];
