/** Who is asking, once the key has been checked. */
export type Actor = UserActor | DeviceActor;

export interface UserActor {
  readonly kind: 'user';
  readonly userId: string;
  readonly keyId: string;
  readonly isServerAdmin: boolean;
}

export interface DeviceActor {
  readonly kind: 'device';
  readonly deviceId: string;
  readonly projectId: string;
  readonly keyId: string;
}

/** The id under which the database knows a user or device. */
export const actorId = (actor: Actor): string => (actor.kind === 'user' ? actor.userId : actor.deviceId);

/** Under which name idempotency keys are kept: a person's or a device's own, whichever API key they came with. */
export const principalOf = (actor: Actor): string => `${actor.kind}:${actorId(actor)}`;

/** One request on its way through a use case: who asks, and what has to be remembered of it. */
export interface Call<A extends Actor = Actor> {
  readonly actor: A;
  readonly requestId: string;
  /** What links in the answer start with, without a trailing slash. */
  readonly baseUrl: string;
  /** Set when the caller sent an Idempotency-Key: the answer is stored in the transaction that makes it true. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}
