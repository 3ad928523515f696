import { randomInt } from 'node:crypto';
import { drawInOrder, LATELY_SEC } from '@vergeai/domain';
import type { Step } from '../writing/step.js';

/** A device that may be drawn. */
export interface Candidate {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * Draws `count` of the candidates, all of one project, at random: of those seen lately as many as there are, then of
 * those registered lately, which may be about to come, then of the others. Gives fewer when there are fewer.
 */
export const draw = async (step: Step, projectId: string, candidates: readonly Candidate[], count: number): Promise<string[]> =>
  (await drawing(step, projectId, candidates))(count);

/** The same for several draws that have nothing to do with each other, for one look at who was seen. */
export async function drawing(step: Step, projectId: string, candidates: readonly Candidate[]): Promise<(count: number) => string[]> {
  const { seen, fresh, others } = await bySight(step, projectId, candidates);
  return (count) => drawInOrder([seen, fresh, others], count, randomInt);
}

/** Those of the candidates that were seen lately: who may be there to hear something. */
export const seenLately = async (step: Step, projectId: string, candidates: readonly Candidate[]): Promise<string[]> =>
  (await bySight(step, projectId, candidates)).seen;

async function bySight({ ctx, tx }: Step, projectId: string, candidates: readonly Candidate[]) {
  const since = new Date(ctx.clock.now().getTime() - LATELY_SEC * 1000);
  const used = await tx.apiKey.findMany({ where: { device: { projectId }, lastUsedAt: { gte: since } }, select: { deviceId: true } });
  const known = new Set(used.map(({ deviceId }) => deviceId));
  const groups = { seen: [] as string[], fresh: [] as string[], others: [] as string[] };
  for (const { id, createdAt } of candidates) {
    const here = ctx.presence.lastSeen(id);
    const group = known.has(id) || (here && here >= since) ? 'seen' : createdAt >= since ? 'fresh' : 'others';
    groups[group].push(id);
  }
  return groups;
}
