import { json } from '../wire/call.js';
import { inLanes, onServer, type Attack } from './attack.js';
import { clientOf, outcome, put } from './client.js';

export const sameKey = (rounds = 300, atOnce = 8): Attack => ({
  name: 'same-key',
  what: `${rounds} uploads by ticket, each asked for and sent ${atOnce} times at once under one Idempotency-Key`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const violations: string[] = [];
    let answered = 0;
    await inLanes(8, rounds, async (round) => {
      const place = await client.place();
      const model = `{"w":[${round}]}`;
      const ends = await Promise.all(Array.from({ length: atOnce }, async () => {
        // Who hears that the first is still running asks again.
        for (;;) {
          const ticket = await client.ticket(place, { 'Idempotency-Key': `upload ${round}` }).catch((error: unknown) => String(error));
          if (ticket.includes('idempotency_in_progress')) continue;
          if (!ticket.startsWith('/')) return ticket;
          return outcome(await put(client, ticket, model));
        }
      }));
      answered += ends.length;
      for (const each of ends) if (each !== '204') violations.push(`One of the same uploads was answered: ${each}.`);
      const reply = await client.get(`/v1/experiment/events/${place.project_id}/${place.experiment_id}`);
      const events = (json(reply!)['data'] as Array<{ type: string }>).filter(({ type }) => type === 'start_model_submitted');
      if (events.length !== 1) violations.push(`The same upload took effect ${events.length} times.`);
    });
    say(`${answered} uploads answered, ${rounds} took effect`);
    return violations;
  }),
});
