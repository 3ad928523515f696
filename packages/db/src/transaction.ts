import type { Prisma } from './generated/sqlite/client.js';

/** An open transaction as its work sees it. */
export type Transaction = Prisma.TransactionClient;
