import type { EventOfType } from './generated/types.js';

/** The type of an event of the log. */
export type EventType = keyof EventOfType;

/** An event that this version knows. `sequence` counts from 1 without gaps. */
export type KnownEvent<Type extends EventType = EventType> = EventOfType[Type];

/** The `data` of an event of this type. */
export type EventData<Type extends EventType> = EventOfType[Type]['data'];

/**
 * The type of an event that this version does not know: any other text. TypeScript has no word for that, and if this were
 * `string`, comparing `type` would no longer tell what is in `data`; so it is what no type looks like.
 */
export type UnknownEventType = `${string} (unknown to this version)`;

/** An event that a newer server wrote. */
export interface UnknownEvent {
  /** Its number, from 1. */
  sequence: number;
  /** Which kind it is. */
  type: UnknownEventType;
  /** Which job; null when it is about none. */
  job_id: string | null;
  /** Which device; null when it is about none. */
  device_id: string | null;
  /** The user or device that asked for it; null for the server itself. */
  actor_id: string | null;
  /** The key they asked with; null for the server itself. */
  key_id: string | null;
  /** What there is to tell of it. */
  data: Record<string, unknown>;
  /** When it was created (RFC 3339, UTC). */
  created_at: string;
}

/** One entry of an experiment's log. Comparing `type` tells what is in `data`; what a `switch` leaves over is an UnknownEvent, too. */
export type EventEntry = KnownEvent | UnknownEvent;
