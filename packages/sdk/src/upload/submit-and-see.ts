import { TimeoutError } from '../errors.js';
import type { Experiments } from '../generated/resources.js';
import { pause } from '../pause.js';
import type { UploadOptions } from './upload-options.js';

const LOOKS = 5;
const FIRST_PAUSE_MS = 100;

type Submit = Experiments['submit_start_model'];
type Submission = { project_id: string; experiment_id: string; block?: boolean | undefined; model: object };

/**
 * `submit_start_model` with `block`: the server registers a model before it answers, so that the first look
 * sees it, unless something between has kept an older answer. A few looks, then a TimeoutError.
 */
export const submitAndSee = (experiments: Experiments): Submit =>
  (async (input: Submission, options: UploadOptions = {}) => {
    const answer = await experiments.submit_start_model(input as never, options);
    if (!input.block || input.model === undefined) return answer;
    const { project_id, experiment_id } = input;
    for (let looks = 0; looks < LOOKS; looks++) {
      if (looks > 0) await pause(FIRST_PAUSE_MS * 2 ** (looks - 1), options.signal);
      const { body } = await experiments.get({ project_id, experiment_id }, options);
      if (body.start_model.size !== undefined) return answer;
    }
    throw new TimeoutError(`Experiment ${experiment_id} does not show the start model that was submitted.`);
  }) as Submit;
