// Imported before everything else by main.ts: an old Node ends in a sentence, and not in whatever breaks first.

const MINIMUM = '22.18';

const [major, minor] = numbers(process.versions.node);
const [minimumMajor, minimumMinor] = numbers(MINIMUM);
if (major < minimumMajor || (major === minimumMajor && minor < minimumMinor)) {
  process.stderr.write(`The server needs Node ${MINIMUM} or newer, and ${process.execPath} is Node ${process.versions.node}.\n`);
  process.exit(1);
}

function numbers(version: string): [number, number] {
  const [first, second] = version.split('.').map(Number);
  return [first!, second!];
}
