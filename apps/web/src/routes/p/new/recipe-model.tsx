import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { digitsSettings } from '../../../recipes/digits/open-digits.js';
import type { Thread } from '../../../train-worker/page/start-thread.js';
import { useThread } from '../../../train-worker/page/use-thread.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { bytes } from '../../../ui/number.js';
import type { Change } from './draft.js';
import type { Values } from './hyperparameters.js';
import styles from '../../../ui/form-page.module.css';

const NAME = 'digits.safetensors';

/** A start model that a recipe makes in this tab, with the hyperparameters that devices need to know the recipe by. */
export function RecipeModel({ made, change, take }: { made: File | undefined; change: Change; take: (values: Values) => void }) {
  const thread = useThread();
  const { data, error } = useQuery({ queryKey: ['recipe', 'digits', 'start model'], queryFn: () => makeModel(thread!), enabled: thread !== undefined && made === undefined, staleTime: Infinity });
  useEffect(() => {
    if (data && made === undefined) change({ made: data });
  }, [data, made, change]);
  useEffect(() => take(digitsSettings), [take]);
  return (
    <div className={styles.inset}>
      <p role="status">{made ? `${made.name}, ${bytes(made.size)}: a network with random weights that has learnt nothing yet.` : error ? 'It could not be made.' : 'Making the model…'}</p>
      {error && <ErrorText error={error} />}
      <p className={styles.hint}>The recipe’s hyperparameters were added above: by them a tab or a device knows how to train.</p>
      {made && <Button onClick={() => save(made)}>Save it as a file</Button>}
    </div>
  );
}

async function makeModel({ roles: { judge } }: Thread): Promise<File> {
  await judge.open(digitsSettings);
  const model = await judge.startModel(Math.trunc(Math.random() * 2 ** 31));
  return new File([model as Uint8Array<ArrayBuffer>], NAME);
}

/** For the code beside the form, which names it. */
function save(file: File): void {
  const url = URL.createObjectURL(file);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = file.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
