/**
 * Browsers that save energy freeze a hidden page that works hard, and with it the heartbeats of its devices; but not one that holds
 * a lock. Gives what lets go of it.
 */
export function stayAwake(): () => void {
  let rest: () => void = () => {};
  const held = new Promise<void>((resolve) => (rest = resolve));
  // Pages served over plain http from elsewhere have none.
  navigator.locks?.request('verge-train', { mode: 'shared' }, () => held).catch(() => {});
  return rest;
}
