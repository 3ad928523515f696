import { implement } from '../../http/implement.js';
import { cancelSweep } from './cancel.js';
import { createSweep } from './create.js';
import { describeSweep } from './describe.js';
import { listSweeps } from './list.js';

export const sweepRoutes = implement('sweep', {
  create: (ctx, call, { body }) => createSweep(ctx, call, body),
  describe: (ctx, _call, { params }) => describeSweep(ctx, params),
  list: (ctx, _call, { params, query }) => listSweeps(ctx, params, query),
  cancel: (ctx, call, { body }) => cancelSweep(ctx, call, body),
});
