import { choicePhrase, type DeviceChoice } from './device-choice.js';

/** What a job waits for: devices that were drawn for it and have not come. */
export interface Waiting {
  /** How many updates have come in, and how many are wanted. */
  readonly updates: number;
  readonly wanted: number;
  /** All of them, or the first few. */
  readonly devices: ReadonlyArray<{ readonly id: string; readonly lastSeenAt: Date | null }>;
  readonly numDevices: number;
  /** Who alone may come in their place; undefined: whoever is in the project. */
  readonly choice?: DeviceChoice | undefined;
}

/** So many devices are named; the others are counted. */
export const NAMED_DEVICES = 20;

/** The same for people: "0 of 1 updates; waiting for device 51d5…, never seen". */
export function waitingSentence({ updates, wanted, devices, numDevices, choice }: Waiting): string {
  const named = devices.map(({ id, lastSeenAt }) => `${id}, ${lastSeenAt ? `last seen ${lastSeenAt.toISOString()}` : 'never seen'}`);
  const others = numDevices - devices.length;
  const who = numDevices === 1 ? `device ${named[0]}` : `${numDevices} devices: ${[...named, ...(others > 0 ? [`and ${others} more`] : [])].join('; ')}`;
  return `${updates} of ${wanted} updates; waiting for ${who}${choice ? `; only devices ${choicePhrase(choice)} may take part` : ''}`;
}

/** The same of a job in line, for people: nothing starts before the experiment goes on. */
export const pausedSentence = (pausedAt: Date): string => `the experiment to be resumed: it has been paused since ${pausedAt.toISOString()}`;
