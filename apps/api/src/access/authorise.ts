import type { PermissionLevel } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { DeviceState } from '@vergeai/domain';
import type { Actor } from './actor.js';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { Right, Target } from './right.js';

/**
 * Holds a caller to an operation's policy. Who may not see a project is told that there is none, in the
 * same words as when there is none. Throws a Refusal.
 */
export async function authorise(ctx: Pick<Context, 'db'>, actor: Actor, { access, target }: Right): Promise<void> {
  switch (access.who) {
    case 'public':
    case 'ticket':
    case 'any_key':
      return;
    case 'user':
    case 'sign_in':
      return requireUser(actor);
    case 'session':
      requireUser(actor);
      if (!actor.session) throw new Refusal('session_required');
      return;
    case 'server_admin':
      requireUser(actor);
      if (!actor.isServerAdmin) throw new Refusal('server_admin_required');
      return;
    case 'device':
      if (actor.kind !== 'device') throw new Refusal('device_key_required');
      return requireOwnProject(actor, target);
    case 'member':
      if (actor.kind === 'user') return requireLevel(ctx, actor.userId, target.project_id!, access.level);
      if (!access.device) throw new Refusal('user_key_required');
      requireOwnProject(actor, target);
      if (access.device === 'itself' && target.device_id !== actor.deviceId) throw new Refusal('permission_denied', 'A device may ask about itself only.');
      if (access.device === 'drawn') await requireDrawn(ctx, actor, target.job_id!);
  }
}

function requireUser(actor: Actor): asserts actor is Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw new Refusal('user_key_required');
}

function requireOwnProject(actor: Extract<Actor, { kind: 'device' }>, target: Target): void {
  if (target.project_id !== actor.projectId) throw new Refusal('project_not_found');
}

const membership = query((of: { projectId: string; userId: string }) =>
  build.selectFrom('Member').select('level').where('projectId', '=', of.projectId).where('userId', '=', of.userId));

async function requireLevel(ctx: Pick<Context, 'db'>, userId: string, projectId: string, level: PermissionLevel): Promise<void> {
  const member = await ctx.db.hot.get(membership, { projectId, userId });
  if (!member) throw new Refusal('project_not_found');
  if (member.level < level) throw new Refusal('permission_denied', `This takes permission level ${level}, and the caller has ${member.level}. An admin of the project can raise it.`);
}

const place = query((of: { jobId: string; deviceId: string }) =>
  build.selectFrom('JobDevice').select('position').where('jobId', '=', of.jobId).where('deviceId', '=', of.deviceId).where('state', '!=', DeviceState.REPLACED));

async function requireDrawn(ctx: Pick<Context, 'db'>, actor: Extract<Actor, { kind: 'device' }>, jobId: string): Promise<void> {
  const drawn = await ctx.db.hot.get(place, { jobId, deviceId: actor.deviceId });
  if (!drawn) throw new Refusal('permission_denied', 'This device was not drawn for the job.');
}
