import { implement } from '../../http/implement.js';
import { createUser } from './create.js';

export const userRoutes = implement('user', {
  create: (ctx, call, { body }) => createUser(ctx, call, body),
});
