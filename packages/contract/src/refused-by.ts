import { z } from 'zod';
import type { Access } from './access.js';
import type { Operation } from './operations.js';
import { refusals, type RefusalCode } from './refusals.js';

/** What may be missing of what a request names. */
const missing: Readonly<Record<string, RefusalCode>> = {
  project_id: 'project_not_found',
  experiment_id: 'experiment_not_found',
  job_id: 'job_not_found',
  sweep_id: 'sweep_not_found',
};

const forModels: readonly RefusalCode[] = ['invalid_model', 'empty_model', 'model_too_large', 'project_storage_full', 'storage_full', 'unsupported_media_type'];

/**
 * The reasons for which an operation in particular may be refused, in the order of the table. What any request may be refused
 * for is not among them: a key that does not count, parts that are not as they should be, a server that is busy.
 */
export function refusedBy({ route, metadata }: Operation): RefusalCode[] {
  const named = ['pathParams', 'query', 'body'].flatMap((part) => membersOf((route as unknown as Record<string, unknown>)[part]));
  const found = new Set<RefusalCode>([
    ...named.flatMap((member) => missing[member] ?? []),
    ...forAccess(metadata.access),
    ...(metadata.carriesModel ? forModels : []),
    ...(metadata.refuses ?? []),
  ]);
  return (Object.keys(refusals) as RefusalCode[]).filter((code) => found.has(code));
}

const membersOf = (schema: unknown): string[] => (schema instanceof z.ZodOptional ? membersOf(schema.unwrap()) : schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

function forAccess(access: Access): readonly RefusalCode[] {
  switch (access.who) {
    case 'session':
      return ['session_required'];
    case 'user':
      return ['user_key_required'];
    case 'server_admin':
      return ['user_key_required', 'server_admin_required'];
    case 'device':
      return ['device_key_required'];
    case 'member':
      return [...(access.level > 1 || access.device ? (['permission_denied'] as const) : []), ...(access.device ? [] : (['user_key_required'] as const))];
    default:
      return [];
  }
}
