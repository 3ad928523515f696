import { jobLooks, Standing, type Look } from './job-status.js';

const running: Look = { ...jobLooks['IN_PROGRESS']!, word: 'Running' };

/** How a sweep stands, by a word, a shape and a colour as for jobs. */
export const SweepStatus = ({ status }: { status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' }) => <Standing look={status === 'RUNNING' ? running : jobLooks[status]!} />;

/** How one of its forks does. */
export const ForkStatus = ({ status, isStopped }: { status: 'running' | 'ended'; isStopped: boolean }) => (
  <Standing look={status === 'running' ? running : isStopped ? { ...jobLooks['CANCELLED']!, word: 'Stopped early' } : { ...jobLooks['COMPLETED']!, word: 'Ended', tone: 'still' }} />
);
