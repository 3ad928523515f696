import type { JobDevice } from '../../../../api/job.js';

export type Standing = JobDevice['state'];

/** How a device can stand to its job, in the order in which they are shown, with what it means to people. */
const meanings: Readonly<Record<Standing, { readonly word: string; readonly tone: 'good' | 'bad' | 'busy' | 'warn' | 'still' }>> = {
  submitted: { word: 'Submitted', tone: 'good' },
  uploading: { word: 'Uploading', tone: 'busy' },
  training: { word: 'Training', tone: 'busy' },
  drawn: { word: 'Drawn', tone: 'still' },
  late: { word: 'Late', tone: 'warn' },
  replaced: { word: 'Replaced', tone: 'still' },
  failed: { word: 'Failed', tone: 'bad' },
  unused: { word: 'Unused', tone: 'still' },
};

export const standings = Object.keys(meanings) as readonly Standing[];
export const meaningOf = (standing: Standing) => meanings[standing];
