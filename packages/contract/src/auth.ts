import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { anyKey, anyUser, operation, signedIn, signIn } from './access.js';
import { hexId, keyId } from './ids.js';
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
        session_expires_at: timestamp.nullable().describe('Null for who came with a key and not with a session'),
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

  /**
   * The same as `create`, under the path that some published clients use.
   * @example const { body } = await vergeai.APIKey.create_key();
   */
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
          last_used_at: timestamp.nullable().describe('When it was last used, to the nearest minute or so; null: never'),
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
    metadata: operation({ statusCode: 200, access: anyUser, refuses: ['key_not_found'] }),
  },

  /**
   * Begins a session in a browser, by the key in `Authorization` or by a sign-in code: the answer sets a cookie that stands
   * for the key until the session is over. For the pages of the server itself.
   * @example await vergeai.APIKey.create_session();
   */
  create_session: {
    method: 'POST',
    path: '/v1/auth/create_session',
    body: z.strictObject({ code: text(1, 100).optional().describe('Of auth/create_sign_in_code; for who has no key at hand') }).optional(),
    responses: { 200: z.object({ expires_at: timestamp.describe('When it is over at the latest') }) },
    summary: 'Begin a session in a browser',
    description:
      'The cookie `__Host-verge` is HttpOnly and counts only for requests with `X-Verge-Session: 1` that come from a page of this very server. ' +
      'A session is over when it ends, 12 hours after it was used last, after 7 days, and when its key is. A session that the cookie named before is ended.',
    metadata: operation({ statusCode: 200, access: signIn, setsCookie: true, refuses: ['code_invalid', 'sign_in_needs_tls', 'web_off'] }),
  },

  /**
   * Ends the session that asks, and has the browser forget what the pages stored.
   * @example await vergeai.APIKey.delete_session();
   */
  delete_session: {
    method: 'POST',
    path: '/v1/auth/delete_session',
    body: z.strictObject({}).optional(),
    responses: { 200: z.object({}) },
    summary: 'End the session that asks',
    metadata: operation({ statusCode: 200, access: signedIn, setsCookie: true }),
  },

  /**
   * The caller's sessions, newest first, whichever of their keys they were begun with. Those that are over are not listed.
   * @example const { body } = await vergeai.APIKey.sessions({ limit: 20 });
   */
  sessions: {
    method: 'GET',
    path: '/v1/auth/sessions',
    query: z.object(pageQuery),
    responses: {
      200: page(
        z.object({
          session_id: z.string(),
          key_id: z.string(),
          created_at: timestamp,
          last_used_at: timestamp.describe('To the nearest minute or so'),
          expires_at: timestamp,
          user_agent: z.string().nullable().describe('What the browser said of itself'),
          is_current: z.boolean().describe('The session by which this list was asked for'),
        }),
      ),
    },
    summary: "List the caller's sessions",
    metadata: operation({ statusCode: 200, access: anyUser }),
  },

  /**
   * Ends one of the caller's sessions at once, also for uploads under way.
   * @example await vergeai.APIKey.revoke_session({ session_id });
   */
  revoke_session: {
    method: 'POST',
    path: '/v1/auth/revoke_session',
    body: z.strictObject({ session_id: hexId }),
    responses: { 200: z.object({}) },
    summary: "End one of the caller's sessions",
    metadata: operation({ statusCode: 200, access: anyUser, refuses: ['session_not_found'] }),
  },

  /**
   * Makes a code that signs the caller in once, within a minute, in a browser that has no key: another one of theirs, say.
   * @example const { body } = await vergeai.APIKey.create_sign_in_code();
   */
  create_sign_in_code: {
    method: 'POST',
    path: '/v1/auth/create_sign_in_code',
    body: z.strictObject({}).optional(),
    responses: { 200: z.object({ code: z.string(), url: z.string().describe('The page that takes it, with the code in it'), expires_at: timestamp }) },
    summary: 'Make a code that signs in once',
    metadata: operation({ statusCode: 200, access: anyUser, refuses: ['web_off'] }),
  },
} as const satisfies AppRouter;
