import { LEASE_SEC } from '@vergeai/domain';
import { timestamp } from './times.js';

/** What a device is told of its lease. */
export const presentLease = (expiresAt: Date) => ({ expires_at: timestamp(expiresAt), duration_sec: LEASE_SEC });
