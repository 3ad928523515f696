// Writes src/vergeai/events.py from the contract; with --check, only says whether it is in step.
import { readFileSync, writeFileSync } from 'node:fs';
import { contract, openApiDocument } from '@vergeai/contract';

const file = new URL('../src/vergeai/events.py', import.meta.url);
const { paths } = openApiDocument(contract, { version: '0', serverUrl: '' });
const [get] = Object.values(paths[contract.experiment.events.path.replace(/:(\w+)/g, '{$1}')]);
const [{ oneOf: known }] = get.responses[200].content['application/json'].schema.properties.data.items.anyOf;

const simpleTypes = { string: 'str', integer: 'int', number: 'float', null: 'None', boolean: 'bool' };
/** Names that stand for something else in Python: such a key is read with brackets. */
const reserved = new Set(['from']);

/** The type hint of a JSON schema. */
function hint({ type, enum: values, additionalProperties, items }) {
  if (values) return `Literal[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
  if (Array.isArray(type)) return `Union[${type.map((each) => simpleTypes[each]).join(', ')}]`;
  if (type === 'array') return `list[${hint(items)}]`;
  if (type === 'object') return `dict[str, ${hint(additionalProperties || {})}]`;
  return simpleTypes[type] ?? 'Any';
}

/** `job_failed` → `JobFailed` */
const className = (type) => type.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());

function dataClass(name, { properties, required = [] }) {
  const lines = Object.entries(properties).flatMap(([key, schema]) => {
    const about = [schema.description, required.includes(key) ? undefined : 'May be missing'].filter(Boolean).map((sentence) => `${sentence}.`).join(' ');
    if (reserved.has(key)) return [`    # data["${key}"], which Python reads with brackets only: ${hint(schema)}. ${about}`.trimEnd()];
    return [`    ${key}: ${hint(schema)}`, ...(about ? [`    """${about}"""`] : [])];
  });
  return [`class ${name}(AttributeDict):`, ...lines, '', ''];
}

function entryClass({ title, description, properties: { job_id: job, device_id: device, data } }) {
  const name = className(title);
  const isEmpty = Object.keys(data.properties).length === 0;
  return [
    ...(isEmpty ? [] : dataClass(`${name}Data`, data)),
    `class ${name}Event(Event):`,
    `    """${description.replaceAll(/`/g, '``')}"""`,
    '',
    `    type: Literal["${title}"]`,
    `    job_id: ${hint(job)}`,
    `    device_id: ${hint(device)}`,
    `    data: ${isEmpty ? 'AttributeDict' : `${name}Data`}`,
    '',
    '',
  ];
}

const text = `"""The entries of an experiment's log, as type checkers and editors see them: \`\`event.type\`\` tells what is in \`\`event.data\`\`.

Made from @vergeai/contract by scripts/events.mjs; run it after a change of the contract.
"""

from __future__ import annotations

from typing import Any, Literal, Union

from ._attribute_dict import AttributeDict


class Event(AttributeDict):
    """What all of them have."""

    sequence: int
    """Counts from 1 without gaps."""
    actor_id: Union[str, None]
    """The user or device that asked for it; None for the server itself."""
    key_id: Union[str, None]
    created_at: str


${known.flatMap(entryClass).join('\n')}
class UnknownEvent(Event):
    """A type that is not in this file: a newer server writes it.

    Any other text. Type checkers have no word for that, and if this were \`\`str\`\`, comparing \`\`type\`\` would no longer tell
    what is in \`\`data\`\`.
    """

    type: Literal["(unknown to this version)"]
    job_id: Union[str, None]
    device_id: Union[str, None]
    data: Any


EventEntry = Union[
${known.map(({ title }) => `    ${className(title)}Event,`).join('\n')}
    UnknownEvent,
]
`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('packages/python/src/vergeai/events.py is not in step with the contract; run packages/python/scripts/events.mjs.');
  process.exitCode = 1;
}
