/** What names a job. */
export const JOB = 'its number in the experiment, @last, or its id';
