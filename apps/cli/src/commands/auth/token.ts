import { keyFor, serverUrl } from '../../context/server.js';
import { text } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge auth token', 'VERGEAI_API_KEY=$(verge auth token) node train.mjs'],
  details: 'For programs. Take care where it goes: whoever has it can do what you can.',
  takes: (it) => it,
  run: ({ sources }) => text(`${keyFor(sources, serverUrl(sources)).value}\n`),
});
