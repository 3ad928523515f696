import { API_VERSION } from '../../http/answer/api-version.js';
import { byUser, implement } from '../../http/implement.js';
import { createKeyByItsOtherPath } from './create-key.js';
import { createSession } from './create-session.js';
import { createSignInCode } from './create-sign-in-code.js';
import { createKey } from './create.js';
import { deleteSession } from './delete-session.js';
import { listKeys } from './list.js';
import { revokeSession } from './revoke-session.js';
import { revokeKey } from './revoke.js';
import { listSessions } from './sessions.js';
import { whoAmI } from './whoami.js';

export const authRoutes = implement('auth', {
  whoami: (ctx, { actor }) => whoAmI(ctx, actor, API_VERSION),
  create: (ctx, call, { body }) => createKey(ctx, byUser(call), body),
  create_key: (ctx, call, { body }) => createKeyByItsOtherPath(ctx, byUser(call), body),
  list: (ctx, call, { query }) => listKeys(ctx, byUser(call).actor, query),
  revoke: (ctx, call, { body }) => revokeKey(ctx, byUser(call), body),
  async create_session(ctx, call, { body, browser }) {
    const { token, expires_at, lasts_sec } = await createSession(ctx, byUser(call), { code: body?.code, tokenBefore: browser.token(), userAgent: browser.userAgent });
    browser.keep(token, lasts_sec);
    return { expires_at };
  },
  async delete_session(ctx, call, { browser }) {
    const answer = await deleteSession(ctx, byUser(call));
    browser.forget();
    return answer;
  },
  sessions: (ctx, call, { query }) => listSessions(ctx, byUser(call).actor, query),
  revoke_session: (ctx, call, { body }) => revokeSession(ctx, byUser(call), body),
  create_sign_in_code: (ctx, call) => createSignInCode(ctx, byUser(call)),
});
