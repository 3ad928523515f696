import { z } from 'zod';
import { timestamp } from '../time.js';
import { eventCatalogue, eventTypes, type EventData, type EventSubject, type EventType } from './catalogue.js';

type JobIdOf<Subject> = Subject extends 'experiment' ? null : Subject extends 'model' ? string | null : string;

/** An event of the catalogue as it stands in the log. `sequence` counts from 1 without gaps. */
export type KnownEvent<T extends EventType = EventType> = {
  [Type in T]: {
    sequence: number;
    type: Type;
    job_id: JobIdOf<EventSubject<Type>>;
    device_id: EventSubject<Type> extends 'device' ? string : null;
    actor_id: string | null;
    key_id: string | null;
    data: EventData<Type>;
    created_at: string;
  };
}[T];

/**
 * The type of an event that is not in the catalogue: any other text. TypeScript has no word for that, and if this were
 * `string`, comparing `type` would no longer tell what is in `data`; so it is what no type looks like.
 */
export type UnknownEventType = `${string} (unknown to this version)`;

/** An event that a newer server wrote. */
export interface UnknownEvent {
  sequence: number;
  type: UnknownEventType;
  job_id: string | null;
  device_id: string | null;
  actor_id: string | null;
  key_id: string | null;
  data: Record<string, unknown>;
  created_at: string;
}

/** One entry of an experiment's log. Comparing `type` tells what is in `data`; what a `switch` leaves over is an UnknownEvent, too. */
export type EventEntry = KnownEvent | UnknownEvent;

const entry = (type: z.ZodType, jobId: z.ZodType, deviceId: z.ZodType, data: z.ZodType) =>
  z.object({
    sequence: z.number().int(),
    type,
    job_id: jobId,
    device_id: deviceId,
    actor_id: z.string().nullable().describe('The user or device that asked for it; null for the server itself'),
    key_id: z.string().nullable().describe('The key they asked with; null for the server itself'),
    data: data.describe('What there is to tell of it'),
    created_at: timestamp,
  });

const jobIdOf = { experiment: z.null(), job: z.string(), device: z.string(), model: z.string().nullable() } as const;

function knownEntry(type: EventType) {
  const { when, about, data } = eventCatalogue[type];
  // A newer server may have written keys that this one does not know. Whoever asks gets them.
  return entry(z.literal(type), jobIdOf[about], about === 'device' ? z.string() : z.null(), z.looseObject(data.shape)).meta({
    title: type,
    description: when,
  });
}

const [firstType, ...otherTypes] = eventTypes;
const known = z.discriminatedUnion('type', [knownEntry(firstType!), ...otherTypes.map(knownEntry)]);

/**
 * Also takes in what no version should have written, such as a known type without one of its keys: what stands in the
 * log must be readable, whoever put it there.
 */
const unknown = entry(
  z.string().meta({ not: { enum: eventTypes } }),
  z.string().nullable(),
  z.string().nullable(),
  z.record(z.string(), z.unknown()),
).meta({ title: 'unknown', description: 'A type that a newer server writes. Clients must expect it.' });

/** An entry of the log on the wire. */
export const eventEntry = z.union([known, unknown]) as unknown as z.ZodType<EventEntry, EventEntry>;
