import { Link } from '@tanstack/react-router';
import { useProject } from '../../../../api/project.js';
import { CopyButton } from '../../../../ui/copy-button.js';
import { bytes } from '../../../../ui/number.js';
import { Time } from '../../../../ui/time.js';
import { nameOf, parentOf, pointOf, type Lineage, type Node } from './lineage.js';
import { ModelActions } from './model-actions.js';
import { ModelLink } from './rail.js';
import { Tensors } from './tensors.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly node: Node;
  readonly lineage: Lineage;
}

/** One model with all that is known of it, and what one can do with it. */
export function Model({ project, experiment, node, lineage }: Props) {
  const { mayWrite } = useProject(project);
  const parent = parentOf(node, lineage);
  const current = lineage.nodes.find(({ experiment_id, is_current }) => is_current && experiment_id === experiment);
  return (
    <section aria-labelledby="model" className={styles.model}>
      <h2 id="model">
        {nameOf(node, experiment)}
        {node.is_current && ', the current one'}
      </h2>
      <dl className={styles.facts}>
        <div>
          <dt>Size</dt>
          <dd>{bytes(node.size)}</dd>
        </div>
        <div>
          <dt>Format</dt>
          <dd>{node.format}</dd>
        </div>
        <div>
          <dt>Came of</dt>
          <dd>{parent ? <ModelLink project={project} experiment={experiment} node={parent} /> : lineage.truncated ? 'not among those listed' : 'nothing: it is the first'}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd>
            <Time at={node.created_at} />
            {node.sequence !== null && (
              <>
                {' by '}
                <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment, number: String(node.sequence) }}>
                  job {node.sequence}
                </Link>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>SHA-256</dt>
          <dd className={styles.hash}>
            <code>{node.sha256}</code> <CopyButton text={node.sha256} what="SHA-256" />
          </dd>
        </div>
      </dl>
      <ModelActions project={project} experiment={experiment} node={node} current={current} mayWrite={mayWrite} />
      <Tensors project={project} experiment={experiment} point={pointOf(node)} />
    </section>
  );
}
