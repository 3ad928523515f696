/** Turns of the event loop from one to the next. */
const TURNS = 8;

const waiting: (() => void)[] = [];

/**
 * Runs what takes a large body in a turn of the event loop of its own, in the order of asking, some turns after the one before.
 * Node accepts one connection a turn: if all large bodies that have come were taken in the same one, whoever connects then would
 * wait for as many such turns as others connect before them, and not even be told to try again.
 */
export function inOwnTurn(run: () => void): void {
  waiting.push(run);
  if (waiting.length === 1) pass(1);
}

function pass(turns: number): void {
  setImmediate(() => {
    if (turns > 1) return pass(turns - 1);
    waiting[0]!();
    waiting.shift();
    if (waiting.length > 0) pass(TURNS);
  });
}
