/** The life of a job as docs promise it, written down here once more and not taken from the server: from → to. */
export const legalSteps: Readonly<Record<string, readonly string[]>> = {
  '': ['INITIALIZED'],
  INITIALIZED: ['IN_PROGRESS', 'CANCELLED'],
  IN_PROGRESS: ['AGGREGATION_IN_PROGRESS', 'CANCELLED', 'FAILED'],
  AGGREGATION_IN_PROGRESS: ['COMPLETED', 'CANCELLED', 'FAILED'],
  COMPLETED: [],
  CANCELLED: [],
  FAILED: [],
};
