// npm passes SIGINT and SIGTERM on, to the shell in whose place `exec` in package.json puts us: a shell that waits for
// its command keeps a SIGINT for itself. Whoever is killed can't pass anything on, so losing the parent counts too.
const PARENT_CHECK_MS = 250;
const parent = process.ppid;

/**
 * Calls `stop` with 'SIGINT' or 'SIGTERM' each time this process is asked to stop.
 * @returns {() => void} ends the listening
 */
export function onStopRequest(stop) {
  const interrupt = () => stop('SIGINT');
  const terminate = () => stop('SIGTERM');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  process.on('SIGHUP', terminate);
  const parentCheck = setInterval(() => {
    if (process.ppid !== parent) terminate();
  }, PARENT_CHECK_MS);

  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
    process.off('SIGHUP', terminate);
    clearInterval(parentCheck);
  };
}
