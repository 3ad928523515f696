/** Calls `quit` when somebody presses q. Gives what ends the listening. */
export function onQuit(quit: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  stdin.setRawMode(true);
  const onKey = (keys: Buffer) => {
    if (keys.includes('q')) quit();
    // A terminal in this mode makes no signal of Ctrl-C.
    if (keys.includes(0x03)) process.kill(process.pid, 'SIGINT');
  };
  stdin.on('data', onKey).resume();
  return () => {
    stdin.off('data', onKey).pause();
    stdin.setRawMode(false);
  };
}
