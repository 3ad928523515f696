import { implement } from '../../http/implement.js';
import { auditOfServer } from './audit.js';
import { createUser } from './create.js';
import { disableUser } from './disable.js';
import { enableUser } from './enable.js';
import { listUsers } from './list.js';
import { resetUserKey } from './reset-key.js';

export const userRoutes = implement('user', {
  create: (ctx, call, { body }) => createUser(ctx, call, body),
  list: (ctx, _call, { query }) => listUsers(ctx, query),
  disable: (ctx, call, { body }) => disableUser(ctx, call, body),
  enable: (ctx, call, { body }) => enableUser(ctx, call, body),
  reset_key: (ctx, call, { body }) => resetUserKey(ctx, call, body),
  audit: (ctx, _call, { query }) => auditOfServer(ctx, query),
});
