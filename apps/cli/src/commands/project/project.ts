import type { Listed } from '../../program/command.js';

export default [
  { name: 'list', summary: 'List the projects you are a member of', load: () => import('./list.js') },
  { name: 'create', summary: 'Create a project', load: () => import('./create.js') },
  { name: 'view', summary: 'Show a project', load: () => import('./view.js') },
  { name: 'rename', summary: 'Give a project another name', load: () => import('./rename.js') },
  { name: 'delete', summary: 'Delete a project with all that is in it', load: () => import('./delete.js') },
  { name: 'members', summary: 'Who may do what in a project', group: () => import('./members/members.js') },
  { name: 'audit', summary: 'Who did what to the project, its members and its devices', load: () => import('./audit.js') },
  { name: 'use', summary: 'Choose the project that commands are about', load: () => import('./use.js') },
] satisfies readonly Listed[] as readonly Listed[];
