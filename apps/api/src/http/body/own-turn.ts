/** Turns of the event loop from one to the next. */
const TURNS = 8;

const waiting: (() => void)[] = [];
let isPassing = false;

/**
 * Runs what takes a large body in a turn of the event loop of its own, in the order of asking, some turns after the one before.
 * Node accepts one connection a turn: if all large bodies that have come were taken in the same one, whoever connects then would
 * wait for as many such turns as others connect before them, and not even be told to try again.
 */
export function inOwnTurn(run: () => void): void {
  waiting.push(run);
  if (!isPassing) pass(1);
}

function pass(turns: number): void {
  isPassing = true;
  setImmediate(() => {
    if (turns > 1) return pass(turns - 1);
    const run = waiting.shift()!;
    // Whatever becomes of this one, the next has its turn.
    isPassing = waiting.length > 0;
    if (isPassing) pass(TURNS);
    run();
  });
}
