import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../../api/ask.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { DeleteProject } from './delete-project.js';
import { Describe } from './describe.js';
import { Storage } from './storage.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/settings');
const MANAGER = 10;

/** What a project is called, how much it keeps, and its end. */
export default function SettingsPage() {
  useTitle('Settings');
  const { project } = route.useParams();
  const { data, error, refetch } = useQuery(ask('project.overview', { project_id: project }));
  if (error && !data) return <ErrorPanel isPage what="The project" error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} height="4rem" />;
  const mayManage = data.permission_level >= MANAGER;
  return (
    <>
      <h1>Settings</h1>
      {mayManage ? <Describe key={`${data.name}\n${data.description}`} overview={data} /> : <p className={styles.note}>Admins and owners of the project can change its name and description, and delete it.</p>}
      <Storage project={project} />
      {mayManage && <DeleteProject overview={data} />}
    </>
  );
}
