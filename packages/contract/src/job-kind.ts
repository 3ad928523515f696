import { z } from 'zod';

/** What a job is for: EVALUATE measures the current model and leaves it as it is. */
export const jobKind = z.enum(['TRAIN', 'EVALUATE']).describe('TRAIN makes the next model of the experiment; EVALUATE measures the current one, and no model changes');
