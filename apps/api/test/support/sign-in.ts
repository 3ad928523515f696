import { expect } from 'vitest';
import { send, type Reply, type TestApi } from './api.js';

/** What a page of the server itself sends, by its browser. */
export const ownPage = { 'X-Verge-Session': '1', 'Sec-Fetch-Site': 'same-origin' } as const;

export interface SignedIn {
  readonly id: string;
  /** What its cookie holds. */
  readonly token: string;
  /** What its browser sends with every request of a page of this server. */
  readonly headers: Readonly<Record<string, string>>;
  readonly reply: Reply;
}

/** The cookies that an answer sets: name, value, attributes. */
export const cookiesOf = ({ headers }: Pick<Reply, 'headers'>) =>
  headers.getSetCookie().map((line) => {
    const [pair, ...attributes] = line.split('; ');
    const at = pair!.indexOf('=');
    return { name: pair!.slice(0, at), value: pair!.slice(at + 1), attributes: attributes.sort() };
  });

/** Signs in as a browser would, by a key or by a code. */
export async function signIn(api: TestApi, by: { readonly key: string } | { readonly code: string }, headers: Record<string, string> = {}): Promise<SignedIn> {
  const way = 'key' in by ? { key: by.key, json: {} } : { json: { code: by.code } };
  const reply = await send(api, 'POST', '/v1/auth/create_session', { ...way, headers: { ...ownPage, Origin: api.url, ...headers } });
  expect(reply.status, reply.text).toBe(200);
  const token = cookiesOf(reply).find(({ name }) => name === '__Host-verge')!.value;
  const { id } = await api.ctx.db.prisma.session.findUniqueOrThrow({ where: { tokenHash: api.ctx.secrets.hashSessionToken(token) } });
  return { id, token, reply, headers: { ...ownPage, Cookie: `__Host-verge=${token}` } };
}

export async function newCode(api: TestApi, key = api.adminKey): Promise<string> {
  const { body } = await send(api, 'POST', '/v1/auth/create_sign_in_code', { key, json: {} });
  return body.code as string;
}
