import { getRouteApi, Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useProject } from '../../api/project.js';
import { useKey } from '../keys/use-key.js';
import { sections, type Section } from './sections.js';
import styles from './project-frame.module.css';

const route = getRouteApi('/in/p/$project');

/** What stands around every page of a project: its name, and the way to its parts. */
export function ProjectFrame() {
  const { project } = route.useParams();
  const { name } = useProject(project);
  return (
    <div className={styles.frame}>
      <nav className={styles.nav} aria-label="Project">
        <p className={styles.name}>{name ?? '…'}</p>
        <ul>
          {sections.map((section) => (
            <li key={section.label}>
              <SectionLink project={project} section={section} />
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
    </div>
  );
}

function SectionLink({ project, section: { to, label, letter } }: { project: string; section: Section }) {
  const navigate = useNavigate();
  useKey(`g ${letter}`, label, () => void navigate({ to, params: { project } }));
  return (
    <Link to={to} params={{ project }} className={styles.link} activeProps={{ className: styles.here }} activeOptions={{ exact: true, includeSearch: false }}>
      {label}
    </Link>
  );
}
