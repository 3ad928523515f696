import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api } from '../../../api/client.js';
import { uploadStartModel } from '../../../api/upload.js';
import { say } from '../../../ui/live-region.js';
import { modelOf, type Draft } from './draft.js';
import type { Values } from './hyperparameters.js';
import { createInput, forkInput, jobsInput, type Made } from './plan.js';

export type Step = 'experiment' | 'model' | 'jobs';

export interface Creation {
  /** What it is at, or where it stopped. */
  readonly step: Step;
  readonly made: Made | undefined;
  /** From 0 to 1 while the model is on its way. */
  readonly uploaded: number | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  go(draft: Draft, values: Values): void;
  /** Stops the upload. */
  stop(): void;
}

/** Makes the experiment, sends its model and adds its jobs; after something was refused it goes on from there. */
export function useCreation(project_id: string): Creation {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>('experiment');
  const [made, setMade] = useState<Made>();
  const [uploaded, setUploaded] = useState<number>();
  const upload = useRef<AbortController>(undefined);

  async function createExperiment(draft: Draft, values: Values): Promise<Made> {
    setStep('experiment');
    const { body } = draft.start === 'fork' ? await api.Experiment.fork(forkInput(project_id, draft, values)) : await api.Experiment.create(createInput(project_id, draft, values));
    return { experiment_id: body.ID, hasModel: draft.start === 'fork' };
  }

  async function sendModel(experiment_id: string, model: File): Promise<void> {
    setStep('model');
    setUploaded(0);
    upload.current = new AbortController();
    try {
      await uploadStartModel({ project_id, experiment_id, model }, upload.current.signal, ({ loaded, total }) => setUploaded(total ? loaded / total : 0));
    } finally {
      setUploaded(undefined);
    }
  }

  const { mutate, isPending, error } = useMutation({
    async mutationFn({ draft, values }: { draft: Draft; values: Values }) {
      let now = made ?? (await createExperiment(draft, values));
      setMade(now);
      const model = modelOf(draft);
      if (!now.hasModel && model) {
        await sendModel(now.experiment_id, model);
        now = { ...now, hasModel: true };
        setMade(now);
      }
      const jobs = jobsInput(project_id, now.experiment_id, draft);
      if (jobs) {
        setStep('jobs');
        await api.Job.create_series(jobs);
      }
      return now.experiment_id;
    },
    async onSuccess() {
      say('The experiment was created.');
      await queries.invalidateQueries();
    },
  });
  // Who has left the page is not taken elsewhere.
  const open = (experiment: string) => void navigate({ to: '/p/$project/e/$experiment', params: { project: project_id, experiment } });
  return { step, made, uploaded, isPending, error, go: (draft, values) => mutate({ draft, values }, { onSuccess: open }), stop: () => upload.current?.abort(new Error('You stopped the upload.')) };
}
