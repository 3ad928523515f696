import { VergeAI } from '@vergeai/sdk';
import { createWorker } from '@vergeai/worker';
import { ownRows, stepDown } from './train.js';

const trainButton = /** @type {HTMLButtonElement} */ (document.getElementById('train'));
const stopButton = /** @type {HTMLButtonElement} */ (document.getElementById('stop'));
const rounds = /** @type {HTMLOListElement} */ (document.getElementById('rounds'));
const say = (/** @type {string} */ text) => (/** @type {HTMLElement} */ (document.getElementById('said')).textContent = text);

// A page of yours would ask your own server for these. Behind the # no server hears of them.
const { server, project, key } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

if (server === undefined || project === undefined || key === undefined) {
  trainButton.disabled = true;
  say('This page needs a link that `node experiment.mjs` prints.');
} else {
  const rows = ownRows();
  let loss = NaN;
  const worker = createWorker({
    client: new VergeAI({ baseUrl: server, apiKey: key }),
    projectId: project,
    async train({ model, hyperparameters, signal, report }) {
      for (let step = 0; step < 20; step++) {
        signal.throwIfAborted(); // the job was cancelled, or went to another device
        loss = stepDown(model, rows, Number(hyperparameters.learning_rate));
        report({ loss });
        await new Promise((resolve) => setTimeout(resolve)); // lets the page answer its user, and the lease be renewed
      }
      return { model, numExamples: rows.length };
    },
    onJob: ({ sequence }) => say(`Training round ${sequence}…`),
    onEnd({ sequence }, outcome) {
      say('Waiting for the others.');
      const line = document.createElement('li');
      line.value = sequence;
      line.textContent = outcome === 'submitted' ? `loss ${loss.toFixed(4)}` : outcome;
      rounds.append(line);
    },
    onError: (error) => say(String(error)),
  });

  const show = (/** @type {boolean} */ isTraining) => {
    trainButton.disabled = isTraining;
    stopButton.disabled = !isTraining;
  };
  trainButton.addEventListener('click', () => {
    show(true);
    say('Waiting for a round.');
    worker.run().then(
      () => say('Stopped.'),
      (error) => say(String(error)),
    ).finally(() => show(false));
  });
  stopButton.addEventListener('click', () => void worker.stop());
}
