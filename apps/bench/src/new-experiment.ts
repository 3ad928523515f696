import type { ApiServer } from './api-server.js';

/** A new experiment, and where to PUT its start model. */
export async function newExperiment(api: ApiServer, project_id: string): Promise<{ id: string; startModelPath: string }> {
  const { ID } = await api.call<{ ID: string }>('POST', '/v1/experiment/create', { project_id });
  const { model_url } = await api.call<{ model_url: { url: string; fields: Record<string, string> } }>('POST', '/v1/experiment/submit_start_model', {
    project_id,
    experiment_id: ID,
  });
  return { id: ID, startModelPath: `${new URL(model_url.url).pathname}?${new URLSearchParams(model_url.fields).toString()}` };
}
