/**
 * What the members of requests and answers are, by name: a name means the same wherever it stands. Where one means more, or
 * something else, the schema says so itself with `.describe()`. OpenAPI and the types of clients print these.
 */
const sentences: Readonly<Record<string, string>> = {
  // Whose, and which
  ID: 'Its id',
  project_id: 'Which project',
  experiment_id: 'Which experiment',
  job_id: 'Which job',
  device_id: 'Which device',
  user_id: 'Which user',
  key_id: 'Which key: the part of it that is no secret',
  actor_id: 'The user or device that asked for it; null for the server itself',
  entity_id: 'The experiment or job that it belongs to',

  // Names
  name: 'Its name; null when it has none',
  description: 'What people wrote about it',
  label: 'What its owner calls it',
  user_name: "The user's name",
  project_name: "The project's name",
  project_description: 'What people shall know of the project',
  experiment_name: "The experiment's name",
  experiment_description: 'What people shall know of the experiment',

  // Lists
  limit: 'How many entries at most',
  cursor: "The previous page's next_cursor",
  after: 'The number of the last entry that is known already',
  data: 'The entries of this page',
  next_cursor: 'What `cursor` takes to get the next page; null on the last one',
  next_after: 'What `after` takes to get the next page; null on the last one',

  // Times
  created_at: 'When it was created',
  updated_at: 'When it was last changed',
  added_at: 'When they were added',
  submitted_at: 'When it came in; null before that',
  started_at: 'When it started; null before that',
  ended_at: 'When it ended; null before that',
  expires_at: 'When it ends by itself; null: never',
  revoked_at: 'When it was revoked; null when it was not',
  disabled_at: 'When they were shut out; null when they are not',
  last_seen_at: 'When it last asked for something; null: never',
  reported_at: 'When it came in',
  registered_on: 'When it was registered',
  created_on: 'When it was created',

  // Rights
  key: 'The key itself; it is shown this once',
  device_api_key: "The device's own key; it is shown this once",
  permission_level: 'What they may do in the project: 100 owner, 10 admin, 5 read and write, 1 read',
  is_server_admin: 'Whether they manage the users of this server',
  expires_in_sec: 'After how many seconds the key ends by itself; never when left out',
  members: 'The members of the project by user id',

  // Experiments
  hyperparameters: 'What the devices shall know, as it was sent: any JSON object of at most 64 KiB',
  jobs: 'Its jobs, in their order',
  current_job: 'The job that runs, or the last one; "NONE" before the first',
  start_model: 'The model that it starts from',
  current_model: 'The model as it has been trained so far',
  is_active: 'Whether a job runs or waits',
  num_jobs: 'How many jobs it has',
  forked_from: 'The experiment that it was forked from; null when it was not',
  experiments: 'The experiments of the project by id',
  from_experiment: 'The id of the other experiment',
  sequence: 'Its number, from 1',

  // Jobs
  status: 'How it stands',
  reason: 'Why',
  num_devices: 'How many updates make its model',
  num_buffer_devices: 'How many devices are drawn beyond those that are needed',
  device_selection_strategy: 'How the devices are chosen: by chance',
  device_timeout_sec: 'How long a drawn device may take to come before another one may take its place, in seconds',
  termination_criteria: 'What ends the job before it is complete',
  max_duration_sec: 'How long it may run, in seconds',
  configuration: 'What it was created with; counts are decimal strings',
  devices: 'The devices that were drawn for it',
  models: 'The updates that have come in, by device id',
  aggregate_model: 'What it made of the updates',
  num_updates: 'How many updates have come in',
  duration_sec: 'How long it lasts, in seconds',
  job_ids: 'The jobs that run',

  // Devices
  state: 'How far the device is with the job',
  is_device_active: 'Whether the job waits for an update of this device',
  lease: "The device's hold on the job, which `heartbeat` renews",
  wait: 'How many seconds to wait for a job when there is none',
  num_examples: 'Its weight in the mean: how many examples the device trained on; null when it did not say',
  metrics: 'Numbers that the device reported, by name',
  mean: 'The mean of the numbers over the devices, weighted by their examples',
  first: 'The number of the first of these reports, from 0',
  reports: 'Numbers that the training reported, in their order',
  points: 'What it reported, in its order',
  step: 'How far the training was; counted on when left out',

  // Models
  model: 'The model',
  model_url: 'A signed link to the model, good for a while',
  url: 'Where to send the form, or PUT the bytes with `fields` as query',
  fields: 'What to send ahead of the bytes',
  block: 'Whether to wait until the model can be read back',
  size: 'How many bytes it has',
  sha256: 'The SHA-256 of its bytes, hexadecimal',
  format: 'What kind of file it is',

  billing: 'Nothing',
  type: 'Which kind it is',
};

/** Undefined when nobody has said it yet. */
export const sentenceOf = (member: string): string | undefined => (Object.hasOwn(sentences, member) ? sentences[member] : undefined);
