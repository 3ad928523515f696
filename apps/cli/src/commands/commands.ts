import type { Listed } from '../program/command.js';

/** Every command and group of commands, as `verge --help` lists them. */
export default [
  { name: 'login', summary: 'Sign in to a server', load: () => import('./login.js') },
  { name: 'logout', summary: 'Forget a sign-in', load: () => import('./logout.js') },
  { name: 'auth', summary: 'Who you are, and your API keys', group: () => import('./auth/auth.js') },
  { name: 'init', summary: 'Write verge.json for the work in this folder', load: () => import('./init.js') },
  { name: 'project', summary: 'Projects and their members', aliases: ['projects'], group: () => import('./project/project.js') },
  { name: 'experiment', summary: 'Experiments: create, look at, change, fork', aliases: ['experiments', 'exp'], group: () => import('./experiment/experiment.js') },
  { name: 'model', summary: 'Models: submit, download, look at', aliases: ['models'], group: () => import('./model/model.js') },
  { name: 'job', summary: 'Jobs: rounds of training', aliases: ['jobs'], group: () => import('./job/job.js') },
  { name: 'sweep', summary: 'Sweeps: try hyperparameters, and rank what comes of them', aliases: ['sweeps'], group: () => import('./sweep/sweep.js') },
  { name: 'device', summary: 'Devices, which train', aliases: ['devices', 'dev'], group: () => import('./device/device.js') },
  { name: 'train', summary: 'From a model to a trained one: all steps in one', load: () => import('./train.js') },
  { name: 'metrics', summary: 'What devices reported: loss and whatever else', load: () => import('./metrics.js') },
  { name: 'events', summary: 'What happened to an experiment, also as it happens', load: () => import('./events.js') },
  { name: 'watch', summary: 'See an experiment train: jobs, devices, loss', load: () => import('./watch.js') },
  { name: 'open', summary: 'Open the dashboard, signed in', load: () => import('./open.js') },
  { name: 'doctor', summary: 'Look for what is in the way to the server', load: () => import('./doctor.js') },
  { name: 'api', summary: 'Call any operation of the API', load: () => import('./api.js') },
  { name: 'completion', summary: 'Print what lets your shell complete verge', load: () => import('./completion.js') },
  { name: 'help', summary: 'Help on a command or a topic', load: () => import('./help.js') },
  { name: 'version', summary: 'Versions of everything involved', load: () => import('./version.js') },
] satisfies readonly Listed[] as readonly Listed[];
