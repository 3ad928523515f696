import { onServer, type Attack } from './attack.js';
import { clientOf, outcome, put } from './client.js';

/** Far more than checking takes, and far less than reading all of it in would. */
const MAY_STALL_MS = 1_000;

export const manyTensors = (entries = 4_000_000, times = 4): Attack => ({
  name: 'many-tensors',
  what: `a JSON model of ${entries} scalars by ticket, ${times} at once`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const model = Buffer.from(`{${Array.from({ length: entries }, (_, n) => `"${n}":${n % 2}`).join(',')}}`);
    const tickets = await Promise.all(Array.from({ length: times }, async () => client.ticket(await client.place())));
    let slowest = 0;
    let over = false;
    const watch = (async () => {
      while (!over) slowest = Math.max(slowest, (await client.get('/livez'))?.tookMs ?? Number.POSITIVE_INFINITY);
    })();
    const seen = (await Promise.all(tickets.map((ticket) => put(client, ticket, model)))).map(outcome);
    over = true;
    await watch;
    say(`${(model.length / 2 ** 20).toFixed(0)} MiB each: ${seen.join(', ')}; meanwhile /livez took ${slowest.toFixed(0)} ms at most`);
    // A client that goes on sending after its answer may lose it.
    const violations = seen.filter((each) => each !== '422 invalid_model' && each !== 'no answer').map((each) => `It was answered ${each}.`);
    if (!seen.includes('422 invalid_model')) violations.push('None of them was told what was wrong.');
    if (slowest > MAY_STALL_MS) violations.push(`Others waited ${slowest.toFixed(0)} ms for an answer.`);
    return violations;
  }),
});
