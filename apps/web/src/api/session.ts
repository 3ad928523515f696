import { AuthenticationError } from '@vergeai/sdk';
import { api, withKey } from './client.js';

/** Whether this browser has a session, as far as the last answer tells. */
export type Session = { readonly state: 'open' } | { readonly state: 'none' } | { readonly state: 'over'; readonly reason: string };

const listeners = new Set<() => void>();
let session: Session = { state: 'open' };

export const currentSession = (): Session => session;

export function onSession(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

function become(next: Session): void {
  session = next;
  for (const tell of listeners) tell();
}

/** Looks at what went wrong anywhere: a 401 means that there is no session, or none any more. */
export function noteFailure(error: unknown): void {
  if (!(error instanceof AuthenticationError) || session.state !== 'open') return;
  become(error.code === 'key_missing' ? { state: 'none' } : { state: 'over', reason: error.detail });
}

/** Begins a session. @throws APIError: `key_invalid`, `code_invalid`, `sign_in_needs_tls`, `rate_limited` */
export async function signIn(by: { readonly key: string } | { readonly code: string }): Promise<void> {
  if ('key' in by) await withKey(by.key).APIKey.create_session();
  else await api.APIKey.create_session({ code: by.code });
  become({ state: 'open' });
}

/** Ends it, here and at the server. @throws APIError */
export async function signOut(): Promise<void> {
  await api.APIKey.delete_session();
  become({ state: 'none' });
}
