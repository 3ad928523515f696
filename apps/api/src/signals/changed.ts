import type { Change, Signal } from './signals.js';

/** For the commit that changes it. */
export const changed = (projectId: string, about: 'project' | 'member' | 'device', id = projectId): Signal => ({ about: 'change', projectId, change: { about, id, experiment_id: null } });

export const changedExperiment = (projectId: string, id: string): Signal => ({ about: 'change', projectId, change: { about: 'experiment', id, experiment_id: id } });

export const changedJob = (projectId: string, id: string, experimentId: string): Signal => ({ about: 'change', projectId, change: { about: 'job', id, experiment_id: experimentId } });

/** Changes of one thing are one thing. */
export const keyOfChange = ({ about, id }: Change): string => `${about} ${id}`;
