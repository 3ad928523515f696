/** What a job is for. */
export const JobKind = {
  /** It makes the next model of its experiment. */
  TRAIN: 'TRAIN',
  /** It measures the current model, and no model changes. */
  EVALUATE: 'EVALUATE',
} as const;
export type JobKind = (typeof JobKind)[keyof typeof JobKind];
