import { eventCatalogue, type EventType } from './catalogue.js';

const isKnown = (type: string): type is EventType => Object.hasOwn(eventCatalogue, type);

/**
 * What in an event is not exactly what this version writes, as a sentence; undefined when nothing is. For those who check
 * a server: a client takes what comes.
 */
export function misfit({ type, job_id, device_id, data }: { type: string; job_id: string | null; device_id: string | null; data: unknown }): string | undefined {
  if (!isKnown(type)) return `nobody knows events of the type ${type}`;
  const { about, data: schema } = eventCatalogue[type];
  if (about !== 'model' && (job_id !== null) !== (about !== 'experiment')) return `it has ${job_id === null ? 'no' : 'a'} job_id`;
  if ((device_id !== null) !== (about === 'device')) return `it has ${device_id === null ? 'no' : 'a'} device_id`;
  const issues = schema.safeParse(data).error?.issues ?? [];
  return issues.length === 0 ? undefined : `its data is wrong: ${issues.map(({ path, message }) => `${['data', ...path].join('.')}: ${message}`).join('; ')}`;
}
