/** What to do about an error, by its code: a sentence with the command that helps. A test holds it to the server's list of codes. */
const hints: Readonly<Record<string, string>> = {
  // What was asked for
  invalid_request: 'Look at the lines above, and at --help of the command.',
  invalid_json: 'Check the quotes, commas and brackets of what was sent.',
  json_too_deep: 'Nest it less deeply.',
  body_too_large: 'Send less at once; a model goes up as a file: verge model submit FILE',
  empty_model: 'The file has no bytes. Is it the right one?',
  invalid_model: 'The path above is where the first fault is. Models are JSON or safetensors; docs: packages/sdk/README.md.',
  model_too_large: 'verge api auth.whoami shows what the server takes; its operator can raise MAX_MODEL_BYTES.',
  unsupported_media_type: 'Models are JSON or safetensors.',
  incomplete_body: 'The connection broke off. Nothing was kept: try again.',
  upload_too_slow: 'The connection is too slow or was held up. Try again from a better one.',
  range_not_satisfiable: 'The model is not what it was when the download began: delete the partial file and try again.',

  // The state of things
  start_model_already_submitted: 'Make another experiment for another model: verge experiment create, or verge experiment fork',
  start_model_missing: 'Submit one first: verge model submit FILE',
  job_ended: 'It has ended already: verge job view <job>',
  job_not_started: 'It waits for its turn: verge job list',
  job_not_complete: 'Wait for it: verge job wait <job>',
  job_not_retryable: 'Create another one instead: verge job create',
  job_closed: 'It takes no more updates: verge job view <job>',
  not_enough_devices: 'Register more: verge device register --name laptop-2',
  num_examples_mixed: 'Have all devices give numExamples, or none.',
  experiment_busy: 'Wait for its jobs, or cancel them: verge job list',
  hyperparameters_fixed: 'Fork it to train with others: verge experiment fork -p learning_rate=0.1',
  update_already_submitted: 'Its first update counts.',
  conflict: 'Somebody else changed it at the same moment. Look again, and repeat it if it still makes sense.',
  idempotency_in_progress: 'The same request is still running. Wait a little and repeat it.',
  idempotency_key_reused: 'Take a new --idempotency-key for a new request.',

  // Who asks
  key_missing: 'Sign in: verge login',
  key_invalid: 'Was all of it copied? verge auth status shows which key is used; verge login takes another one.',
  session_invalid: 'Sign in again: verge login',
  code_invalid: 'Make a new one: verge open',
  permission_denied: 'An admin of the project can raise what you may do: verge project members set <user> write',
  owner_required: 'Ask an owner: verge project members list',
  server_admin_required: 'Ask whoever runs the server.',
  user_key_required: "Use your own key instead of a device's: verge login",
  device_key_required: "Use a device's key: verge device register makes one.",
  device_not_drawn: 'Another device has the job. verge job devices <job> shows which.',
  session_required: 'Only a browser can do this: verge open',
  cross_site_request: 'Open the page itself: verge open',
  host_not_allowed: 'Use the address in the server\'s PUBLIC_URL, or set that.',
  sign_in_needs_tls: 'Put TLS in front of the server, or open it on its own machine.',
  web_off: 'Its operator has turned it off (WEB=0).',
  ticket_invalid: 'Links and tickets count only as they were given. Ask for a new one: run the command again.',
  ticket_expired: 'Ask for a new one: run the command again.',
  ticket_used: 'Ask for a new one: run the command again.',

  // What there is
  route_not_found: 'The server does not know this operation. verge version compares its version with yours.',
  method_not_allowed: 'Does --url point at the API? verge doctor looks.',
  project_not_found: 'verge project list shows those you may see.',
  experiment_not_found: 'verge experiment list shows what there is.',
  job_not_found: 'verge job list shows what there is.',
  device_not_found: 'verge device list shows what there is.',
  member_not_found: 'verge project members list shows who there is.',
  user_not_found: 'verge api user.list shows who there is, to a server admin.',
  key_not_found: 'verge auth keys list shows those you have.',
  session_not_found: 'verge api auth.sessions shows those you have.',
  model_not_found: 'Its experiment was deleted, or it was cleaned up.',
  already_member: 'Change what they may do: verge project members set <user> write',
  last_owner: 'Make somebody else an owner first: verge project members set <user> owner',
  server_admin_stays: 'Nobody could undo it.',

  // The server
  rate_limited: 'Wait a little. The server allows so many requests and no more.',
  busy: 'Try again in a moment.',
  starting: 'Try again in a moment.',
  stopping: 'Try again in a moment.',
  storage_full: "The server's disk is full. Delete experiments, or tell its operator.",
  project_storage_full: 'Delete experiments: verge experiment delete <experiment>. A server admin can raise the limit.',
  internal_error: 'A fault of the server. Its operator finds it in the log under the request above.',
  not_the_api: 'Does --url point at the API? verge doctor looks.',

  // Nobody answered
  connection_error: 'verge doctor looks for the reason.',
  integrity_error: 'Try again; if it stays so, something on the way changes what is sent.',
  waited_long_enough: 'The job goes on: verge job wait <job> waits again.',
  job_failed: 'Repeat it: verge job retry <job>',
  job_cancelled: 'Repeat it: verge job retry <job>',
};

/** A sentence, and the command that helps, in one line. */
export const hintFor = (code: string): string | undefined => (Object.hasOwn(hints, code) ? hints[code] : undefined);
