import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { api } from '../../../../api/client.js';
import { CodePanel } from '../../../../code/code-panel.js';
import { shownRequest } from '../../../../code/shown-request.js';
import { Button } from '../../../../ui/button.js';
import { ErrorText } from '../../../../ui/error-panel.js';
import { ExperimentSelect } from '../../../../ui/experiment-select.js';
import { Field } from '../../../../ui/field.js';
import { errorAt } from '../../../../ui/field-errors.js';
import { say } from '../../../../ui/live-region.js';
import { useTitle } from '../../../../ui/title.js';
import { newDraft, type Change } from './draft.js';
import { JobFields } from './job-fields.js';
import { MethodFields } from './method-fields.js';
import { forksOf, sweepInput } from './plan.js';
import { RankFields } from './rank-fields.js';
import { TriedFields } from './tried-fields.js';
import { readTried } from './tried.js';
import form from '../../../../ui/form-page.module.css';

const route = getRouteApi('/in/p/$project/sweeps/new');

/** Which hyperparameters are tried on forks of an experiment, by what these are ranked, and how each is trained. */
export default function NewSweepPage() {
  useTitle('New sweep');
  const { project } = route.useParams();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const { experiment } = route.useSearch();
  const [draft, setDraft] = useState(() => newDraft(experiment));
  const change = useCallback<Change>((changes) => setDraft((before) => ({ ...before, ...changes })), []);
  const { space, why } = readTried(draft.tried, draft.method);
  const input = space && draft.experiment !== '' && draft.metric !== '' ? sweepInput(project, draft, space) : undefined;
  const { mutate, isPending, error } = useMutation({
    mutationFn: (asked: NonNullable<typeof input>) => api.Sweep.create(asked),
    async onSuccess() {
      say('The sweep was made.');
      await queries.invalidateQueries();
    },
  });
  const refused = isPending ? null : error;
  // Who has left the page is not taken elsewhere.
  const open = ({ body }: { body: { sweep_id: string } }) => void navigate({ to: '/p/$project/s/$sweep', params: { project, sweep: body.sweep_id } });

  return (
    <>
      <h1>New sweep</h1>
      <div className={form.page}>
        <form
          className={form.form}
          aria-label="New sweep"
          onSubmit={(event) => {
            event.preventDefault();
            if (input) mutate(input, { onSuccess: open });
          }}
        >
          <fieldset className={form.section} disabled={isPending}>
            <legend>What is tried</legend>
            <ExperimentSelect project={project} experiment={draft.experiment} choose={(chosen) => change({ experiment: chosen })} />
            <Field className={form.name} label="Name" value={draft.name} hint="May be left out" error={errorAt(refused, '/sweep_name')} onChange={({ target }) => change({ name: target.value })} />
            <MethodFields draft={draft} change={change} error={refused} />
            <TriedFields project={project} draft={draft} change={change} told={why ?? errorAt(refused, '/hyperparameters')} />
          </fieldset>
          <fieldset className={form.section} disabled={isPending}>
            <legend>What is best</legend>
            <RankFields project={project} draft={draft} change={change} error={refused} />
          </fieldset>
          <fieldset className={form.section} disabled={isPending}>
            <legend>Jobs</legend>
            <JobFields draft={draft} change={change} error={refused} />
          </fieldset>
          {refused && (
            <div role="alert" className={form.error}>
              <ErrorText error={refused} />
            </div>
          )}
          <div className={form.end}>
            <Button type="submit" look="main" disabled={isPending || !space}>
              {isPending ? 'Making…' : 'Make the sweep'}
            </Button>
            {space && <span className={form.hint}>{inWords(forksOf(draft, space), Number(draft.jobs))}</span>}
          </div>
        </form>
        <section className={form.code} aria-label="Code">
          <h2>Code</h2>
          {input ? <CodePanel requests={[shownRequest('Make the sweep', 'sweep.create', input)]} /> : <p className={form.hint}>It is here once there is an experiment, something to try and a metric.</p>}
        </section>
      </div>
    </>
  );
}

const inWords = (forks: number, jobs: number): string => `${forks === 1 ? 'One fork' : `${forks.toLocaleString('en')} forks`}, ${forks * jobs === 1 ? 'one job' : `${(forks * jobs).toLocaleString('en')} jobs`}.`;
