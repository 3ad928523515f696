import type { EventData, EventSubject, EventType } from '@vergeai/contract';

/** The ids that go with what an event tells of. */
interface Ids {
  readonly experiment: { readonly jobId?: never; readonly deviceId?: never };
  readonly job: { readonly jobId: string; readonly deviceId?: never };
  /** null: the start model. */
  readonly model: { readonly jobId: string | null; readonly deviceId?: never };
  readonly device: { readonly jobId: string; readonly deviceId: string };
}

/** What is written down of something that happened to an experiment: a type of the contract's catalogue, its ids and its data. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly data: EventData<T> } & Ids[EventSubject<T>] }[EventType];
