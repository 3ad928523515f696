import { useEffect, useRef, type PointerEvent } from 'react';
import { SIDE } from '../../recipes/digits/digits.js';
import { normalise } from '../../recipes/digits/normalise.js';
import { Button } from '../../ui/button.js';
import styles from './try.module.css';

const SIZE = 280;
const PEN = 22;

/** Paper and a pen. What is drawn is asked at every stroke; a digit that was picked elsewhere is `shown`. */
export function DrawDigit({ shown, ask }: { shown: Float32Array | undefined; ask: (row: Float32Array | undefined) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<readonly [number, number]>(undefined);
  useEffect(() => {
    if (shown) show(canvas.current!, shown);
  }, [shown]);

  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    const paper = event.currentTarget;
    const pen = paper.getContext('2d')!;
    const { left, top, width } = paper.getBoundingClientRect();
    const here = [((event.clientX - left) * SIZE) / width, ((event.clientY - top) * SIZE) / width] as const;
    pen.strokeStyle = getComputedStyle(paper).color;
    pen.lineWidth = PEN;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.moveTo(...(last.current ?? here));
    pen.lineTo(...here);
    pen.stroke();
    last.current = here;
    ask(pictureOn(paper));
  };
  const clear = () => {
    canvas.current?.getContext('2d')!.clearRect(0, 0, SIZE, SIZE);
    ask(undefined);
  };
  return (
    <div className={styles.draw}>
      <canvas
        ref={canvas}
        className={styles.paper}
        width={SIZE}
        height={SIZE}
        role="img"
        aria-label="Paper: draw a digit with a mouse, a finger or a pen. By keyboard, pick one below."
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = undefined;
          // Nobody draws over a digit of somebody else's.
          if (shown) clear();
          draw(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons > 0) draw(event);
        }}
      />
      <Button onClick={clear}>Clear</Button>
    </div>
  );
}

function show(paper: HTMLCanvasElement, row: Float32Array): void {
  const pen = paper.getContext('2d')!;
  pen.clearRect(0, 0, SIZE, SIZE);
  const side = SIZE / SIDE;
  pen.fillStyle = getComputedStyle(paper).color;
  row.forEach((ink, at) => {
    pen.globalAlpha = ink;
    pen.fillRect((at % SIDE) * side, Math.floor(at / SIDE) * side, side, side);
  });
  pen.globalAlpha = 1;
}

function pictureOn(paper: HTMLCanvasElement): Float32Array | undefined {
  // As large as needed and no larger: it is looked at for each stroke.
  const { data } = paper.getContext('2d', { willReadFrequently: true })!.getImageData(0, 0, SIZE, SIZE);
  const ink = Uint8Array.from({ length: SIZE * SIZE }, (_, at) => data[at * 4 + 3]!);
  const picture = normalise({ width: SIZE, height: SIZE, ink });
  return picture && Float32Array.from(picture, (value) => value / 255);
}
