import { getRouteApi } from '@tanstack/react-router';
import { useProject } from '../../api/project.js';
import { CopyButton } from '../../ui/copy-button.js';
import { useTitle } from '../../ui/title.js';

const route = getRouteApi('/in/p/$project/');

export default function ProjectPage() {
  const { project } = route.useParams();
  const { name } = useProject(project);
  useTitle(name);
  return (
    <>
      <h1>{name ?? 'Project'}</h1>
      <p>
        Its id, as the API takes it: <code>{project}</code> <CopyButton text={project} what="project id" />
      </p>
    </>
  );
}
