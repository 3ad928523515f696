import type { Contract } from '@vergeai/contract';
import { deadline } from '../deadline.js';
import { TimeoutError } from '../errors.js';
import type { Resource } from '../method-types.js';
import { pause } from '../pause.js';
import { usableTimeout, type Settings } from '../settings.js';
import type { UploadOptions } from './upload-options.js';

const LOOKS = 5;
const FIRST_PAUSE_MS = 100;

type Experiments = Resource<Contract['experiment']>;
type Submit = Experiments['submit_start_model'];
type Submission = { project_id: string; experiment_id: string; block?: boolean | undefined; model: object };

/**
 * `submit_start_model` with `block`: the server registers a model before it answers, so that the first look
 * sees it, unless something between has kept an older answer. A few looks, then a TimeoutError.
 */
export const submitAndSee = (experiments: Experiments, settings: Settings): Submit =>
  (async (input: Submission, options: UploadOptions = {}) => {
    const answer = await experiments.submit_start_model(input as never, options);
    if (input.block && input.model !== undefined) await see(experiments, input, options, settings);
    return answer;
  }) as Submit;

async function see(experiments: Experiments, { project_id, experiment_id }: Submission, options: UploadOptions, settings: Settings): Promise<void> {
  const message = () => `Experiment ${experiment_id} does not show the start model that was submitted.`;
  const limit = deadline(usableTimeout(options.timeoutMs ?? settings.timeoutMs), message, options.signal);
  try {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (looks > 0) await pause(FIRST_PAUSE_MS * 2 ** (looks - 1), limit.signal);
      const { body } = await experiments.get({ project_id, experiment_id }, { ...options, signal: limit.signal });
      if ('size' in body.start_model) return;
    }
    throw new TimeoutError(message());
  } finally {
    limit.clear();
  }
}
