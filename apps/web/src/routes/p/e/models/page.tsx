import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../../../api/ask.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Notice } from '../../../../ui/notice.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { useTitle } from '../../../../ui/title.js';
import { chosenNode } from './lineage.js';
import { Model } from './model.js';
import { Rail } from './rail.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/e/$experiment/models');

/** The models of an experiment, which came of which, and one of them in full. */
export default function ModelsPage() {
  useTitle('Models');
  const { project, experiment } = route.useParams();
  const { model } = route.useSearch();
  const { data: lineage, error, refetch } = useQuery(ask('experiment.lineage', { project_id: project, experiment_id: experiment }));
  if (error && !lineage) return <ErrorPanel what="The models" error={error} again={() => void refetch()} />;
  if (!lineage) return <Skeleton lines={6} height="2.75rem" />;
  const chosen = chosenNode(lineage, experiment, model);
  if (!chosen && model === undefined)
    return (
      <Notice title="No model yet">
        <p>The first one is the start model, which somebody sends to the experiment. Each job that completes makes one more.</p>
      </Notice>
    );
  return (
    <div className={styles.page}>
      {chosen ? (
        <Model key={chosen.name} project={project} experiment={experiment} node={chosen} lineage={lineage} />
      ) : (
        <Notice title="There is no such model">
          <p>{lineage.truncated ? 'It is older than those that are listed, or the experiment never had it.' : 'The experiment never had it.'}</p>
        </Notice>
      )}
      <Rail project={project} experiment={experiment} lineage={lineage} chosen={chosen?.name} />
    </div>
  );
}
