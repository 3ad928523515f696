import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { SIDE } from '../../recipes/digits/digits.js';
import type { Thread } from '../../train-worker/page/start-thread.js';
import styles from './try.module.css';

const SHOWN = 20;

/** Some of the digits that no device trains on, to be picked also by the arrow keys. */
export function PickDigit({ thread, ask }: { thread: Thread; ask: (row: Float32Array, truth: number) => void }) {
  const { data: digits } = useQuery({
    queryKey: ['held-out', thread.id],
    staleTime: Infinity,
    queryFn: () => Promise.all(Array.from({ length: SHOWN }, (_, index) => thread.roles.judge.heldOut(index))),
  });
  return (
    <fieldset className={styles.picks}>
      <legend>Or pick one that no device has seen</legend>
      {digits?.map(({ row, target }, index) => (
        // They stay what and where they are.
        <label key={`digit-${index}`} className={styles.pick}>
          <input type="radio" name="held-out-digit" onChange={() => ask(row, target)} />
          <Picture row={row} label={`Digit ${index + 1} of ${SHOWN}: a ${target}`} />
        </label>
      ))}
    </fieldset>
  );
}

function Picture({ row, label }: { row: Float32Array; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = canvas.current!.getContext('2d')!;
    const image = paint.createImageData(SIDE, SIDE);
    // Black ink: the style sheet turns it where the ground is dark.
    row.forEach((ink, at) => (image.data[at * 4 + 3] = Math.round(ink * 255)));
    paint.putImageData(image, 0, 0);
  }, [row]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={label} className={styles.picture} />;
}
