import { beginsWith, contains, over } from '@vergeai/db';
import { searchName } from '@vergeai/domain';

/** Which experiments of a project somebody wants to see. */
export interface ExperimentFilter {
  readonly status?: 'active' | 'idle' | undefined;
  /** A part of the name, or the beginning of the id. */
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly archived: 'exclude' | 'include' | 'only';
}

/** The condition for it, on experiments that a statement calls `e`. */
export function matching(projectId: string, { status, q, tag, ids, archived }: ExperimentFilter) {
  const e = over('Experiment as e');
  return e.and([
    e('e.projectId', '=', projectId),
    ...(status ? [e('e.isActive', '=', status === 'active')] : []),
    ...(archived === 'include' ? [] : [e('e.archivedAt', archived === 'only' ? 'is not' : 'is', null)]),
    ...(q === undefined ? [] : [e.or([contains(e.ref('e.searchName'), searchName(q)), beginsWith(e.ref('e.id'), q.toLowerCase())])]),
    ...(ids ? [e('e.id', 'in', ids)] : []),
    ...(tag === undefined
      ? []
      : [e('e.id', 'in', e.selectFrom('ExperimentTag as t').select('t.experimentId').where('t.projectId', '=', projectId).where('t.tag', '=', tag))]),
  ]);
}
