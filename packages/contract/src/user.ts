import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { operation, serverAdmin } from './access.js';
import { text } from './text.js';

export const user = {
  /**
   * Creates a user and their first key. For the server admin.
   * @example const { body } = await vergeai.User.create({ user_name: 'Ada' });
   */
  create: {
    method: 'POST',
    path: '/v1/user/create',
    body: z.strictObject({ user_name: text(1, 200).optional() }).optional(),
    responses: { 200: z.object({ user_id: z.string(), key: z.string() }) },
    summary: 'Create a user and their first key',
    metadata: operation({ statusCode: 200, access: serverAdmin }),
  },
} as const satisfies AppRouter;
