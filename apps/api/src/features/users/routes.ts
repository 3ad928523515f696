import { contract } from '@vergeai/contract';
import { implement } from '../../http/implement.js';
import { createUser } from './create.js';

export const userRoutes = implement(contract.user, {
  create: (ctx, call, { body }) => createUser(ctx, call, body),
});
