import type { ModelFormat } from '@vergeai/db';
import { formatOfRow } from './model-format.js';

/** Whose model it is: of an experiment (its start model), of a job (its aggregate), of a device in a job (its update). */
export interface ModelPath {
  readonly projectId: string;
  readonly experimentId: string;
  readonly jobId?: string | null;
  readonly deviceId?: string | null;
}

/** The documented name of a model. It says where the model belongs, not where its bytes lie. */
export function modelName({ projectId, experimentId, jobId, deviceId }: ModelPath): string {
  const experiment = `${projectId}/${experimentId}`;
  if (!jobId) return `${experiment}/start_model`;
  return deviceId ? `${experiment}/${jobId}/device_models/${deviceId}` : `${experiment}/${jobId}/aggregate_model`;
}

/** The documented Model: `{}` while there is none. */
export function modelReference(model: ModelPath & { readonly size: bigint | null }) {
  if (model.size === null) return {};
  return {
    entity_id: model.deviceId ?? model.jobId ?? model.experimentId,
    name: modelName(model),
    size: String(model.size),
  };
}

/** What new operations tell of a model. */
export function presentModelDetails(
  model: (ModelPath & { size: bigint; sha256: string; format: ModelFormat; parent?: { sha256: string } | null }) | null,
) {
  return (
    model && {
      name: modelName(model),
      size: Number(model.size),
      sha256: model.sha256,
      format: formatOfRow(model).name,
      parent_sha256: model.parent?.sha256 ?? null,
    }
  );
}
