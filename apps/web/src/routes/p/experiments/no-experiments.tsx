import { baseUrl } from '../../../api/base-url.js';
import { Notice } from '../../../ui/notice.js';

/** Before the first one: what will be here, and how to make it. */
export const NoExperiments = ({ project }: { project: string }) => (
  <Notice title="No experiments yet">
    <p>An experiment is a model with its hyperparameters, and the series of jobs that train it. This makes one:</p>
    <pre>
      <code>{`curl ${baseUrl}/v1/experiment/create \\
  -H "Authorization: $VERGEAI_API_KEY" -H 'Content-Type: application/json' \\
  -d '{"project_id":"${project}","experiment_name":"Baseline","hyperparameters":{"learning_rate":0.01}}'`}</code>
    </pre>
  </Notice>
);
