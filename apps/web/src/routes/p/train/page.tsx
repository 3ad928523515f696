import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useProject } from '../../../api/project.js';
import { recipeOf } from '../../../recipes/settings.js';
import { isAtWork, useTabDevices } from '../../../train-worker/page/tab-devices.js';
import { useThread } from '../../../train-worker/page/use-thread.js';
import { ChooseDevices } from '../../../train/devices/choose-devices.js';
import { DeviceList } from '../../../train/devices/device-list.js';
import { describeExperiment } from '../../../train/experiment.js';
import { AskForTable } from '../../../train/recipe/ask-for-table.js';
import { ChooseRecipe } from '../../../train/recipe/choose-recipe.js';
import { Training } from '../../../train/training.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Notice } from '../../../ui/notice.js';
import { useTitle } from '../../../ui/title.js';
import { ChooseExperiment } from './choose-experiment.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/train');

/** Makes this tab devices of the project, and lets them train one of its experiments. */
export default function TrainPage() {
  useTitle('Train here');
  const { project } = route.useParams();
  const { experiment } = route.useSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const thread = useThread();
  const [table, setTable] = useState<File>();
  const { mayWrite } = useProject(project);
  const which = { project_id: project, experiment_id: experiment ?? '' };
  const { data: described, error, refetch } = useQuery({ ...describeExperiment(which), enabled: experiment !== undefined });
  const isRunning = useTabDevices(project).some(isAtWork);
  const recipe = described && recipeOf(described.hyperparameters);
  const goTo = (id: string | undefined) => void navigate({ to: '/p/$project/train', params: { project }, search: id === undefined ? {} : { experiment: id } });
  if (!mayWrite) {
    return (
      <Notice title="Train here">
        <p>You may see this project, not change it. Whoever may write in it can make their tab one of its devices.</p>
      </Notice>
    );
  }
  return (
    <>
      <h1>Train in this browser</h1>
      <p className={styles.lead}>This tab becomes devices of the project. They train as long as it is open, also while you look at something else; another tab, or another computer, makes more of them.</p>
      <section className={styles.section} aria-labelledby="experiment-title">
        <h2 id="experiment-title">Experiment</h2>
        <ChooseExperiment projectId={project} experimentId={experiment} chosen={goTo} />
        {error && <ErrorPanel what="The experiment" error={error} again={() => void refetch()} />}
        {experiment === undefined && (
          <ChooseRecipe
            thread={thread}
            projectId={project}
            created={(id, file) => {
              setTable(file);
              void queries.invalidateQueries({ queryKey: ['experiment.list'] });
              goTo(id);
            }}
          />
        )}
        {thread && described && recipe === 'csv' && !table && <AskForTable thread={thread} experiment={described} given={setTable} />}
      </section>
      <section className={styles.section} aria-labelledby="devices-title">
        <h2 id="devices-title">Devices</h2>
        {!isRunning && <ChooseDevices projectId={project} sharesByLabel={recipe !== 'csv'} table={table} />}
        <DeviceList projectId={project} />
      </section>
      {thread && described && (
        <section className={styles.section} aria-labelledby="jobs-title">
          <h2 id="jobs-title">Jobs of {described.name ?? 'the experiment'}</h2>
          <Training thread={thread} which={which} table={table} />
        </section>
      )}
    </>
  );
}
