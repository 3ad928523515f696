import { resume, train } from './train.js';

/** Experiments that are trained here. */
export const Experiment = { train, resume } as const;
