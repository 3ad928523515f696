/** Why a job no longer waits for a device that was drawn for it. */
export const ReplacementCause = {
  /** It said that it cannot finish. */
  REPORTED: 'REPORTED',
  /** It fell silent. */
  LEASE_EXPIRED: 'LEASE_EXPIRED',
  DEVICE_DELETED: 'DEVICE_DELETED',
  /** It never took the job, and another device did. */
  NEVER_CAME: 'NEVER_CAME',
} as const;
export type ReplacementCause = (typeof ReplacementCause)[keyof typeof ReplacementCause];

/** The same with a reason for people. */
export interface Departure {
  readonly cause: ReplacementCause;
  readonly reason: string;
}

export const leaseLapsed: Departure = { cause: ReplacementCause.LEASE_EXPIRED, reason: 'its lease lapsed' };
export const deviceDeleted: Departure = { cause: ReplacementCause.DEVICE_DELETED, reason: 'the device was deleted' };
export const neverCame: Departure = { cause: ReplacementCause.NEVER_CAME, reason: 'it did not come for the job' };
export const failureReported = (reason: string): Departure => ({ cause: ReplacementCause.REPORTED, reason });

/** Who was only away may take a place in the job again. */
export const causesToReturn = [ReplacementCause.NEVER_CAME, ReplacementCause.LEASE_EXPIRED] as const satisfies readonly ReplacementCause[];
