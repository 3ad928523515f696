import type { Project } from '../../api/project.js';
import { levelName } from '../../ui/level-name.js';
import { Time } from '../../ui/time.js';
import { Link } from '@tanstack/react-router';
import styles from './page.module.css';

export function ProjectCard({ project: { project_id, name, description, permission_level, created_at } }: { project: Project }) {
  return (
    <li className={styles.card}>
      <h2>
        <Link to="/p/$project" params={{ project: project_id }} className={styles.link}>
          {name}
        </Link>
      </h2>
      {description && <p className={styles.description}>{description}</p>}
      <p className={styles.facts}>
        {levelName(permission_level)} · created <Time at={created_at} />
      </p>
    </li>
  );
}
