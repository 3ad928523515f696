import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Thread } from '../../train-worker/page/start-thread.js';
import { DrawDigit } from './draw-digit.js';
import { PickDigit } from './pick-digit.js';
import { Reading } from './reading.js';
import styles from './try.module.css';

/** What the model is to read: drawn, or picked out of those that no device trains on. */
interface Asked {
  readonly row: Float32Array;
  /** What it is, where that is known. */
  readonly truth: number | undefined;
  readonly number: number;
}

let asked = 0;

/** Lets a model read a digit that somebody draws, or picks. `model`: the name under which it was judged. */
export function TryDigits({ thread, model, title }: { thread: Thread; model: string; title: string }) {
  const [question, setQuestion] = useState<Asked>();
  const { data: reading } = useQuery({
    queryKey: ['reading', thread.id, model, question?.number],
    enabled: question !== undefined,
    gcTime: 0,
    // While the next one is read the last one stays, rather than nothing.
    placeholderData: (last: readonly number[] | undefined) => last,
    queryFn: () => thread.roles.judge.read(model, question!.row),
  });
  const ask = useCallback((row: Float32Array | undefined, truth?: number) => setQuestion(row && { row, truth, number: ++asked }), []);
  return (
    <section className={styles.try} aria-labelledby="try-title">
      <h3 id="try-title">Let the model read a digit</h3>
      <p className={styles.hint}>{title}</p>
      <div className={styles.sides}>
        <DrawDigit shown={question?.truth === undefined ? undefined : question.row} ask={ask} />
        <Reading reading={question && reading} truth={question?.truth} />
      </div>
      <PickDigit thread={thread} ask={ask} />
    </section>
  );
}
