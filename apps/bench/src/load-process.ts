// The load generator's own process: runs each load it is sent and sends back what came out.
import { generateRequests } from './generate-requests.js';
import { generateRounds } from './generate-rounds.js';
import { generateUpload } from './generate-upload.js';
import type { Load, Outcome } from './load-generator.js';

process.on('message', (load: Load) => {
  run(load).then(
    (outcome) => process.send!(outcome),
    (error: unknown) => process.send!({ failure: String(error) } satisfies Outcome),
  );
});

async function run(load: Load): Promise<Outcome> {
  switch (load.kind) {
    case 'requests':
      return { result: await generateRequests(load) };
    case 'upload':
      return { result: await generateUpload(load) };
    case 'rounds':
      return { result: await generateRounds(load) };
  }
}
