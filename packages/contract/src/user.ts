import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { operation, serverAdmin } from './access.js';
import { auditAnswer, auditQuery } from './audit.js';
import { hexId } from './ids.js';
import { page, pageQuery } from './page.js';
import { text } from './text.js';
import { timestamp } from './time.js';

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

  /**
   * The users of this server, newest first. For the server admin.
   * @example const { body } = await vergeai.User.list({ limit: 20 });
   */
  list: {
    method: 'GET',
    path: '/v1/user/list',
    query: z.object(pageQuery),
    responses: {
      200: page(
        z.object({
          user_id: z.string(),
          user_name: z.string().nullable(),
          is_server_admin: z.boolean(),
          num_projects: z.number().int().describe('How many they are a member of'),
          created_at: timestamp,
          disabled_at: timestamp.nullable(),
        }),
      ),
    },
    summary: 'List the users',
    metadata: operation({ statusCode: 200, access: serverAdmin }),
  },

  /**
   * Shuts a user out at once, also from uploads under way: none of their keys works until they are enabled. Their projects
   * and devices stay as they are.
   * @example await vergeai.User.disable({ user_id });
   */
  disable: {
    method: 'POST',
    path: '/v1/user/disable',
    body: z.strictObject({ user_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Disable a user',
    metadata: operation({ statusCode: 200, access: serverAdmin, refuses: ['user_not_found', 'server_admin_stays'] }),
  },

  /**
   * Lets a disabled user in again, with the keys they had.
   * @example await vergeai.User.enable({ user_id });
   */
  enable: {
    method: 'POST',
    path: '/v1/user/enable',
    body: z.strictObject({ user_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Enable a user',
    metadata: operation({ statusCode: 200, access: serverAdmin, refuses: ['user_not_found'] }),
  },

  /**
   * Revokes every key of a user and makes a new one, which is shown once: for who has lost theirs, or whose were stolen.
   * @example const { body } = await vergeai.User.reset_key({ user_id });
   */
  reset_key: {
    method: 'POST',
    path: '/v1/user/reset_key',
    body: z.strictObject({ user_id: hexId }),
    responses: { 200: z.object({ key: z.string() }) },
    summary: "Revoke a user's keys and make a new one",
    metadata: operation({ statusCode: 200, access: serverAdmin, refuses: ['user_not_found'] }),
  },

  /**
   * Who did what on this server, newest first, also to what is deleted by now. For the server admin.
   * @example const { body } = await vergeai.User.audit({ limit: 20 });
   */
  audit: {
    method: 'GET',
    path: '/v1/user/audit',
    query: z.object({ ...auditQuery, project_id: hexId.optional().describe('Only what was done in this project') }),
    responses: { 200: auditAnswer },
    summary: 'List what was done on this server',
    metadata: operation({ statusCode: 200, access: serverAdmin }),
  },
} as const satisfies AppRouter;
