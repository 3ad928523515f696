import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useProject } from '../../api/project.js';
import { recipeOf } from '../../recipes/settings.js';
import { isAtWork, useTabDevices } from '../../train-worker/page/tab-devices.js';
import { useThread } from '../../train-worker/page/use-thread.js';
import { ChooseDevices } from '../../train/devices/choose-devices.js';
import { DeviceList } from '../../train/devices/device-list.js';
import { describeExperiment } from '../../train/experiment.js';
import { AskForTable } from '../../train/recipe/ask-for-table.js';
import { ChooseRecipe } from '../../train/recipe/choose-recipe.js';
import { Training } from '../../train/training.js';
import { ErrorPanel } from '../../ui/error-panel.js';
import { useTitle } from '../../ui/title.js';
import { Step, type StepState } from './step.js';
import { TakeProject } from './take-project.js';
import styles from './page.module.css';

const route = getRouteApi('/in/start');

/** From nothing to a trained model without leaving the page. What is done stands in its address. */
export default function StartPage() {
  useTitle('Train your first model');
  const { project = '', experiment = '' } = route.useSearch();
  const navigate = useNavigate();
  const thread = useThread();
  const [table, setTable] = useState<File>();
  const { name } = useProject(project);
  const described = useQuery({ ...describeExperiment({ project_id: project, experiment_id: experiment }), enabled: experiment !== '' });
  const devices = useTabDevices(project);
  const isRunning = devices.some(isAtWork);
  const recipe = described.data && recipeOf(described.data.hyperparameters);
  const [hasProject, hasExperiment] = [project !== '', experiment !== ''];
  const current = !hasProject ? 1 : !hasExperiment ? 2 : !isRunning && devices.length === 0 ? 3 : 4;
  const stateOf = (number: number): StepState => (number < current ? 'done' : number === current ? 'current' : 'ahead');
  return (
    <main id="content" tabIndex={-1} className={styles.page}>
      <h1>Train your first model</h1>
      <p className={styles.lead}>In four steps and about a minute, all in this tab: it is the devices, the server keeps the models, and you see how good they get.</p>
      <ol className={styles.steps}>
        <Step number={1} title={hasProject ? `Project: ${name ?? project}` : 'A project'} state={stateOf(1)}>
          {hasProject ? <Link to="/p/$project" params={{ project }}>Open the project</Link> : <TakeProject taken={(id) => void navigate({ to: '/start', search: { project: id } })} />}
        </Step>
        <Step number={2} title={described.data ? `Experiment: ${described.data.name ?? experiment}` : 'An experiment and its start model'} state={stateOf(2)}>
          {described.error && <ErrorPanel what="The experiment" error={described.error} again={() => void described.refetch()} />}
          {!hasExperiment && (
            <ChooseRecipe
              thread={thread}
              projectId={project}
              created={(id, file) => {
                setTable(file);
                void navigate({ to: '/start', search: { project, experiment: id } });
              }}
            />
          )}
        </Step>
        <Step number={3} title="Devices" state={stateOf(3)}>
          {thread && described.data && recipe === 'csv' && !table && <AskForTable thread={thread} experiment={described.data} given={setTable} />}
          {hasExperiment && !isRunning && (recipe !== 'csv' || table) && <ChooseDevices projectId={project} sharesByLabel={!table} table={table} />}
          <DeviceList projectId={project} />
        </Step>
        <Step number={4} title="Train" state={stateOf(4)}>
          {thread && hasExperiment && <Training thread={thread} which={{ project_id: project, experiment_id: experiment }} table={table} />}
        </Step>
      </ol>
    </main>
  );
}
