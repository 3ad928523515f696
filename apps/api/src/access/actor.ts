import type { Right } from './right.js';

/** Who is asking, once the key has been checked. */
export type Actor = UserActor | DeviceActor;

interface ByKey {
  readonly keyId: string;
  /** What the database keeps of the key: under one id, BOOTSTRAP_API_KEY may be one key today and another one tomorrow. */
  readonly keyHash: string;
}

export interface UserActor extends ByKey {
  readonly kind: 'user';
  readonly userId: string;
  readonly isServerAdmin: boolean;
  /** Set for who came with a session, which stands for its key. */
  readonly session?: { readonly id: string; readonly expiresAt: Date };
}

export interface DeviceActor extends ByKey {
  readonly kind: 'device';
  readonly deviceId: string;
  readonly projectId: string;
}

/** The id under which the database knows a user or device. */
export const actorId = (actor: Actor): string => (actor.kind === 'user' ? actor.userId : actor.deviceId);

/** The session by which a caller came, if they came by one. */
export const sessionOf = (actor: Actor) => (actor.kind === 'user' ? actor.session : undefined);

/** Under which name idempotency keys are kept: a person's or a device's own, whichever API key they came with. */
export const principalOf = (actor: Actor): string => `${actor.kind}:${actorId(actor)}`;

/** One request on its way through a use case: who asks, and what has to be remembered of it. */
export interface Call<A extends Actor = Actor> {
  readonly actor: A;
  /** By which right: whether it still stands is asked in the transaction that takes effect. */
  readonly right: Right;
  readonly requestId: string;
  /** What links in the answer start with, without a trailing slash. */
  readonly baseUrl: string;
  /** Set when the caller sent an Idempotency-Key: the answer is stored in the transaction that makes it true. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}
