/** Answers as the reference prints them, with every key it lists. */

export const projectId = 'ace0e5d0f50c40ec89e38f770c23eedd';
export const experimentId = 'e627ffd92d6449e9a411b6462b47b47d';
export const jobId = '0f7a1c9d2b3e4f5061728394a5b6c7d8';
export const deviceId = 'd41d8cd98f00b204e9800998ecf8427e';

export const model = { entity_id: experimentId, name: `${projectId}/${experimentId}/start_model`, size: '403693' };

export const experiment = {
  ID: experimentId,
  jobs: [jobId],
  hyperparameters: { learning_rate: 0.01 },
  current_job: jobId,
  start_model: model,
  current_model: model,
  is_active: true,
};

export const job = {
  ID: jobId,
  status: 'IN_PROGRESS',
  devices: [deviceId],
  aggregate_model: {},
  start_model: model,
  configuration: {
    num_devices: '1',
    num_buffer_devices: '0',
    device_selection_strategy: 'RANDOM',
    termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: '60', start_epoch_time: '1593979876.5036337' }],
  },
  models: { [deviceId]: model },
  created_on: '1593979876.5036337',
  billable_size: '0',
  project_id: projectId,
  experiment_id: experimentId,
};

export const project = {
  name: 'Digits',
  ID: projectId,
  devices: { [deviceId]: { ID: deviceId, registered_on: '1593979876.5036337' } },
  experiments: { [experimentId]: experiment },
  members: { [deviceId]: { permission_level: 100 } },
  billing: {},
};
