// A device in TypeScript's worker: adds AMOUNT to every number of the model. Runs until it is told to stop.
import { VergeAI } from '@vergeai/sdk';
import { createWorker } from '@vergeai/worker';

const { PROJECT_ID, AMOUNT, NUM_EXAMPLES } = process.env;

const worker = createWorker({
  client: new VergeAI(),
  projectId: PROJECT_ID,
  train({ model, report }) {
    for (const { data } of model.values()) {
      const amount = data instanceof BigInt64Array ? BigInt(AMOUNT) : Number(AMOUNT);
      data.forEach((number, index) => (data[index] = number + amount));
    }
    report({ loss: Number(AMOUNT) });
    return { model, numExamples: Number(NUM_EXAMPLES) };
  },
});

process.once('SIGTERM', () => void worker.stop({ abandon: true }));
await worker.run();
