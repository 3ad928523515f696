import { Notice } from '../../../ui/notice.js';

/** Before the first one: what will be here, and how to make it. */
export const NoSweeps = () => (
  <Notice title="No sweeps yet">
    <p>A sweep tries hyperparameters: it forks an experiment once for every choice of them, gives each fork the same jobs, and ranks the forks by a metric. This makes one:</p>
    <pre>
      <code>{`verge sweep create Baseline --try learning_rate=0.1,0.01,0.001 \\
  --rank loss:min --jobs 5`}</code>
    </pre>
  </Notice>
);
