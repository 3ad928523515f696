/**
 * What stands in examples for what is the reader's own, by the name of the member. In the text of a snippet it is an id that
 * no server gives, so that the request is a valid one; on the page it is a name, or an id of the reader's.
 */
const own = {
  project_id: 'Project ID',
  experiment_id: 'Experiment ID',
  job_id: 'Job ID',
  device_id: 'Device ID',
  user_id: 'User ID',
  key_id: 'Key ID',
  session_id: 'Session ID',
  other_experiment_id: 'Other experiment ID',
  sweep_id: 'Sweep ID',
} as const;

export type Own = keyof typeof own;

export const ownNames = Object.keys(own) as readonly Own[];

export const standsFor = (name: Own): string => `${'c0ffee'.repeat(5)}${String(ownNames.indexOf(name)).padStart(2, '0')}`;

/** How the reference page of old writes it. */
export const placeholder = (name: Own): string => `...${own[name]}...`;

/** Where the API is, as long as nobody knows better. */
export const BASE_URL = 'http://localhost:3000';

/** The pieces of a text: what stands as it is, and what is the reader's own. */
export function ownParts(text: string): (string | { readonly own: Own | 'base_url'; readonly shown: string })[] {
  const stand = new Map<string, Own | 'base_url'>([...ownNames.map((name) => [standsFor(name), name] as const), [BASE_URL, 'base_url']]);
  return text.split(new RegExp(`(${[...stand.keys()].join('|')})`)).map((part) => {
    const name = stand.get(part);
    return name === undefined ? part : { own: name, shown: name === 'base_url' ? BASE_URL : placeholder(name) };
  });
}
