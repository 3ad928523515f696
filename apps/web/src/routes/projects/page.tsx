import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { projectPages } from '../../api/project.js';
import { Button, buttonClass } from '../../ui/button.js';
import { ErrorPanel } from '../../ui/error-panel.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useTitle } from '../../ui/title.js';
import { NewProject } from './new-project.js';
import { ProjectCard } from './project-card.js';
import styles from './page.module.css';

export default function ProjectsPage() {
  useTitle('Projects');
  const { data: projects, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(projectPages());
  return (
    <main id="content" tabIndex={-1} className={styles.page}>
      <h1>Projects</h1>
      {error && !projects && <ErrorPanel what="Your projects" error={error} again={() => void refetch()} />}
      {!error && !projects && <Skeleton lines={2} height="5.5rem" />}
      {projects?.length === 0 && (
        <div className={styles.first}>
          <p className={styles.empty}>A project holds experiments, the devices that train them, and the people who may see them. You have none yet.</p>
          <Link to="/start" className={buttonClass} data-look="main">
            Train your first model
          </Link>
          <p className={styles.empty}>In this browser, in about a minute. Or begin with a project of your own:</p>
        </div>
      )}
      {projects && projects.length > 0 && (
        <ul className={styles.cards}>
          {projects.map((project) => (
            <ProjectCard key={project.project_id} project={project} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
      {projects && <NewProject isFirst={projects.length === 0} />}
    </main>
  );
}
