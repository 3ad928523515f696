import type { RefusalCode } from './refusals.js';

/** What a member may do in a project; a higher level includes the lower ones. */
export const permissionLevels = { OWNER: 100, ADMIN: 10, READ_WRITE: 5, READ_ONLY: 1 } as const;
export type PermissionLevel = (typeof permissionLevels)[keyof typeof permissionLevels];

/**
 * Who may call an operation. The server enforces it in one place, and refuses to register
 * a route without it.
 *
 * - `public`: no key at all.
 * - `ticket`: no key; the signed ticket in the request is the right.
 * - `any_key`: any key, a person's or a device's.
 * - `session`: a session that a person has begun in a browser.
 * - `sign_in`: how one begins: a user key, or a sign-in code in the body in its place.
 * - `user`: any user key. `server_admin`: the user key of a server admin.
 * - `member`: a user key with at least `level` in the request's project. With `device`, also a device
 *   key: of any device of that project, of the device the request names (`itself`), or of a device
 *   drawn for the job it names.
 * - `device`: a device key of the request's project and nothing else.
 *
 * A person's session counts as the key that it was begun with, wherever a key does, but not for `sign_in`.
 */
export type Access =
  | { readonly who: 'public' }
  | { readonly who: 'ticket' }
  | { readonly who: 'any_key' }
  | { readonly who: 'session' }
  | { readonly who: 'sign_in' }
  | { readonly who: 'user' }
  | { readonly who: 'server_admin' }
  | { readonly who: 'member'; readonly level: PermissionLevel; readonly device?: 'of_project' | 'itself' | 'drawn' }
  | { readonly who: 'device' };

/** What stands beside every route of the contract. */
export interface OperationMetadata {
  /**
   * The status that client libraries print beside the body. It is not always the one on the wire:
   * HTTP 204 cannot carry a body (RFC 9110 §15.3.5), and three operations print 204 with one.
   */
  readonly statusCode: 200 | 204;
  readonly access: Access;
  /**
   * The answer gives the browser its session's cookie, or takes it away. It is never kept under an Idempotency-Key: what is
   * kept has no cookie.
   */
  readonly setsCookie?: true;
  /** The request may carry a model inline or ask for an upload ticket. */
  readonly carriesModel?: true;
  /** With `Accept: text/event-stream` the answer is told as it grows; `only`: there is no other answer. */
  readonly streams?: true | 'only';
  /** Why it may be refused, beyond what follows from who may call it and what it takes (`refusedBy`). */
  readonly refuses?: readonly RefusalCode[];
}

export const anyKey = { who: 'any_key' } as const;
export const signedIn = { who: 'session' } as const;
export const signIn = { who: 'sign_in' } as const;
export const anyUser = { who: 'user' } as const;
export const serverAdmin = { who: 'server_admin' } as const;
export const reader = { who: 'member', level: permissionLevels.READ_ONLY } as const;
export const writer = { who: 'member', level: permissionLevels.READ_WRITE } as const;
export const manager = { who: 'member', level: permissionLevels.ADMIN } as const;
export const device = { who: 'device' } as const;

/** Metadata with its literal types kept, so that a client can know the printed status at compile time. */
export const operation = <const M extends OperationMetadata>(metadata: M): M => metadata;
