import { API_VERSION } from '../../http/answer/api-version.js';
import { byUser, implement } from '../../http/implement.js';
import { createKeyByItsOtherPath } from './create-key.js';
import { createKey } from './create.js';
import { listKeys } from './list.js';
import { revokeKey } from './revoke.js';
import { whoAmI } from './whoami.js';

export const authRoutes = implement('auth', {
  whoami: (ctx, { actor }) => whoAmI(ctx, actor, API_VERSION),
  create: (ctx, call, { body }) => createKey(ctx, byUser(call), body),
  create_key: (ctx, call, { body }) => createKeyByItsOtherPath(ctx, byUser(call), body),
  list: (ctx, call, { query }) => listKeys(ctx, byUser(call).actor, query),
  revoke: (ctx, call, { body }) => revokeKey(ctx, byUser(call), body),
});
