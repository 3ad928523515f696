import type { Access } from '@vergeai/contract';

/** The parts of a request that say what it is about, already checked to be well-formed. */
export interface Target {
  readonly project_id?: string;
  readonly job_id?: string;
  readonly device_id?: string;
}

/** What an operation asks of its caller, and what about. */
export interface Right {
  readonly access: Access;
  readonly target: Target;
}
