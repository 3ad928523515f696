import type { EventType } from '@vergeai/contract';

const ends: ReadonlySet<string> = new Set<EventType>(['job_completed', 'job_cancelled', 'job_failed']);

/** Whether a job has ended with an event of this type. */
export const isEnd = (type: string): boolean => ends.has(type);
