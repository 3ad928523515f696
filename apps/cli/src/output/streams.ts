/** Where results go. Resolves when the stream can take more. */
export async function toStdout(text: string): Promise<void> {
  if (text === '' || process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
}

/** Where everything else goes. */
export const toStderr = (text: string): void => void process.stderr.write(text);

/** Who reads no more, as `head` does after its lines, has all it wants. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', () => {});
}
