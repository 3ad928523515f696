import { z } from 'zod';

/** A project, experiment, job, device or user id: 32 lowercase hexadecimal characters. */
export const hexId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lowercase hexadecimal characters');

/** The public part of an API key, as `auth/list` shows it. */
export const keyId = z.string().regex(/^[0-9a-z]{1,32}$/, 'must be a key id as auth/list shows it');
