/** What a function prints by console.log: the library knows no other way. */
export function printed(run: () => void): string {
  const { log } = console;
  let text = '';
  console.log = (line: string) => void (text += `${line}\n`);
  try {
    run();
  } finally {
    console.log = log;
  }
  return text;
}
