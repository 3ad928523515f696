import { z } from 'zod';
import { eventCatalogue, eventTypes, type EventType } from '../../src/index.js';

interface Property {
  readonly type: string | readonly string[];
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly additionalProperties?: { readonly type: string };
}

const ids = { experiment: '–', job: '`job_id`', device: '`job_id` `device_id`' };

/** The table of docs/events.md as the catalogue has it, line by line. */
export const eventsTable = ['| `type` | when | ids | `data` |', '| --- | --- | --- | --- |', ...eventTypes.map(row)];

function row(type: EventType): string {
  const { when, about, data } = eventCatalogue[type];
  const { properties, required = [] } = z.toJSONSchema(data) as { properties: Record<string, Property>; required?: string[] };
  const keys = Object.entries(properties).map(([key, property]) => {
    const optional = required.includes(key) ? '' : ', may be missing';
    return `\`${key}\` (${kindOf(property)}${optional})${property.description ? `: ${property.description}` : ''}`;
  });
  return `| \`${type}\` | ${when} | ${ids[about]} | ${keys.join('<br>') || '–'} |`;
}

function kindOf({ type, enum: values, additionalProperties }: Property): string {
  if (values) return values.map((value) => `"${value}"`).join(' or ');
  if (typeof additionalProperties === 'object') return `${additionalProperties.type}s by name`;
  return [type].flat().join(' or ');
}
