import { isLoopback, type Config } from '../config.js';
import type { AdminKey } from './first-start.js';

export interface Started {
  readonly listensOn: string;
  readonly adminKey: AdminKey;
  /** Signs in once; without it there is no dashboard. */
  readonly link: string | undefined;
}

/**
 * What a person who has just started the server wants to know, ending with a line to paste. Secrets are told on loopback
 * addresses only, and the key once: what a server prints may end up in a journal that others read.
 */
export function greeting({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>, { listensOn, adminKey, link }: Started): string {
  const url = publicUrl ?? listensOn;
  const listening = `Listening on ${listensOn}`;
  if (!isLoopback(host)) return listening;
  return [listening, ...(link ? [dashboard(url, link, adminKey)] : []), api(url, adminKey)].join('\n\n');
}

const dashboard = (url: string, link: string, adminKey: AdminKey) => `  Open the dashboard     ${link}
                         It signs you in once, within a minute. For another link:
                         curl -s -X POST ${url}/v1/auth/create_sign_in_code -H "Authorization: ${keptKey(adminKey)}"`;

function api(url: string, adminKey: AdminKey): string {
  const docs = `  Read and try the API   ${url}/docs`;
  if (!adminKey) return docs;
  const { made, file } = adminKey;
  return `${docs}
  Your key               ${made ?? `is in ${file}`}

  Try it:
  curl -s ${url}/v1/project/create -H "Authorization: ${made ?? keptKey(adminKey)}" -H 'Content-Type: application/json' -d '{"project_name":"My first project"}'
`;
}

const keptKey = (adminKey: AdminKey) => (adminKey ? `$(cat '${adminKey.file}')` : '$BOOTSTRAP_API_KEY');
