const ids = { experiment: '–', job: '`job_id`', device: '`job_id` `device_id`', model: '`job_id`; null: the start model' };

/** The catalogue of events as a table in Markdown, a row for each type. */
export function eventTable(catalogue) {
  const rows = Object.entries(catalogue).map(([type, { when, about, data }]) => `| \`${type}\` | ${when} | ${ids[about]} | ${keysOf(data.toJSONSchema())} |\n`);
  return `| \`type\` | when | ids | \`data\` |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

function keysOf({ properties, required = [] }) {
  const keys = Object.entries(properties).map(([key, property]) => {
    const optional = required.includes(key) ? '' : ', may be missing';
    return `\`${key}\` (${kindOf(property)}${optional})${property.description ? `: ${property.description}` : ''}`;
  });
  return keys.join('<br>') || '–';
}

/** What a JSON schema takes, in words. */
function kindOf({ type, enum: values, additionalProperties }) {
  if (values) return values.map((value) => `"${value}"`).join(' or ');
  if (typeof additionalProperties === 'object') return `${additionalProperties.type}s by name`;
  return [type].flat().join(' or ');
}
