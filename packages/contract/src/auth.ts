import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { anyKey, anyUser, operation } from './access.js';
import { keyId } from './ids.js';
import { page, pageQuery } from './page.js';
import { text } from './text.js';
import { timestamp } from './time.js';

const newKey = z
  .strictObject({
    label: text(1, 100).optional(),
    expires_in_sec: z.number().int().min(1).max(315_360_000).optional(),
  })
  .optional();

const createKey = {
  method: 'POST',
  body: newKey,
  responses: { 200: z.object({ key: z.string() }) },
  summary: 'Create a user key for the caller',
  description: 'The key is in this answer and nowhere else: the server keeps only a keyed hash of it.',
  metadata: operation({ statusCode: 200, access: anyUser }),
} as const;

export const auth = {
  /**
   * Who the caller is, by which key, and what kind of server this is.
   * @example const { body } = await vergeai.APIKey.whoami();
   */
  whoami: {
    method: 'GET',
    path: '/v1/auth/whoami',
    responses: {
      200: z.object({
        kind: z.enum(['user', 'device']),
        user: z
          .object({ user_id: z.string(), user_name: z.string().nullable(), is_server_admin: z.boolean() })
          .nullable()
          .describe("Null for a device's key"),
        device: z.object({ device_id: z.string(), project_id: z.string() }).nullable().describe("Null for a person's key"),
        key: z.object({ key_id: z.string(), label: z.string().nullable(), expires_at: timestamp.nullable() }),
        server: z.object({
          version: z.string(),
          now: timestamp,
          max_model_bytes: z.number().int().nullable().describe('Null: no limit'),
          max_json_model_bytes: z.number().int().nullable().describe('Null: no limit'),
        }),
      }),
    },
    summary: 'Who the caller is',
    metadata: operation({ statusCode: 200, access: anyKey }),
  },

  /**
   * Creates a new user key for the caller. It is shown once.
   * @example const { body } = await vergeai.APIKey.create();
   */
  create: { path: '/v1/auth/create', ...createKey },

  /** The same as `create`, under the path that some published clients use. */
  create_key: { path: '/v1/auth/create_key', ...createKey },

  /**
   * The caller's keys, newest first, without their secrets.
   * @example const { body } = await vergeai.APIKey.list({ limit: 20 });
   */
  list: {
    method: 'GET',
    path: '/v1/auth/list',
    query: z.object(pageQuery),
    responses: {
      200: page(
        z.object({
          key_id: z.string(),
          label: z.string().nullable(),
          created_at: timestamp,
          last_used_at: timestamp.nullable().describe('To the nearest minute or so'),
          expires_at: timestamp.nullable(),
          revoked_at: timestamp.nullable(),
          is_current: z.boolean().describe('The key by which this list was asked for'),
        }),
      ),
    },
    summary: "List the caller's keys",
    metadata: operation({ statusCode: 200, access: anyUser }),
  },

  /**
   * Revokes one of the caller's keys at once, also for uploads under way. Revoking it again changes nothing.
   * @example await vergeai.APIKey.revoke({ key_id });
   */
  revoke: {
    method: 'POST',
    path: '/v1/auth/revoke',
    body: z.strictObject({ key_id: keyId }),
    responses: { 200: z.object({}) },
    summary: "Revoke one of the caller's keys",
    metadata: operation({ statusCode: 200, access: anyUser }),
  },
} as const satisfies AppRouter;
