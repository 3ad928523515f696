import { permissionLevels } from '@vergeai/contract';
import type { UserActor } from './actor.js';
import type { Transaction } from '@vergeai/db';
import { Refusal } from '../refusal.js';

/** Throws a Refusal `owner_required` unless the caller is an owner, when any of the levels at stake is OWNER. */
export async function requireOwnerFor(tx: Transaction, actor: UserActor, projectId: string, levels: readonly number[]): Promise<void> {
  if (!levels.includes(permissionLevels.OWNER)) return;
  const caller = await tx.member.findUnique({ where: { projectId_userId: { projectId, userId: actor.userId } } });
  if (caller?.level !== permissionLevels.OWNER) throw new Refusal('owner_required');
}

/** Call after the change, within its transaction: throws a Refusal `last_owner` when it took away the last one. */
export async function requireAnOwnerLeft(tx: Transaction, projectId: string): Promise<void> {
  const owners = await tx.member.count({ where: { projectId, level: permissionLevels.OWNER } });
  if (owners === 0) throw new Refusal('last_owner');
}

/**
 * Makes changes to a project's members take turns: without it two owners could demote each other at the same moment,
 * each seeing the other still there. Throws a Refusal `project_not_found`.
 */
export async function lockMembers(tx: Transaction, projectId: string): Promise<void> {
  const { count } = await tx.project.updateMany({ where: { id: projectId }, data: { id: projectId } });
  if (count === 0) throw new Refusal('project_not_found');
}
