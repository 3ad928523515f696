import { Chance } from '../chance.js';
import { inLanes, onServer, tally, type Attack } from './attack.js';
import { clientOf, outcome, put } from './client.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~.';

/** A ticket with one thing about it changed. */
function tampered(ticket: string, chance: Chance): string {
  const at = chance.below(ticket.length);
  const letter = chance.pick(ALPHABET.split('').filter((each) => each !== ticket[at]));
  return chance.pick([
    () => ticket.slice(0, at) + letter + ticket.slice(at + 1),
    () => ticket.slice(0, at),
    () => ticket.slice(0, at) + letter + ticket.slice(at),
    () => ticket.slice(0, at) + ticket.slice(at + 1),
    () => `${ticket}.${ticket}`,
    () => ticket.split('.').toReversed().join('.'),
    () => `~${ticket}`,
  ])();
}

export const tamperedTickets = (count = 5_000, seed = Math.floor(Math.random() * 2 ** 32)): Attack => ({
  name: 'tampered-tickets',
  what: `${count} upload tickets with something changed, for models and for another place (seed ${seed})`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const [here, there] = [await client.place(), await client.place()];
    const path = await client.ticket(here);
    const [route, query] = path.split('?') as [string, string];
    const { key, ticket } = Object.fromEntries(new URLSearchParams(query)) as { key: string; ticket: string };
    const chance = new Chance(seed);
    const replies = await inLanes(32, count, async (number) => {
      const mine = chance.of('ticket', number);
      const elsewhere = mine.happens(0.1);
      const fields = elsewhere ? { key: key.replace(here.experiment_id, there.experiment_id).replace(here.project_id, there.project_id), ticket } : { key, ticket: tampered(ticket, mine) };
      // The last letter of a text in base64 may have bits that say nothing.
      if (!elsewhere && fields.ticket === ticket) return '403 ticket_invalid';
      return outcome(await put(client, `${route}?${new URLSearchParams(fields).toString()}`, '{"w":[1]}'));
    });
    say(tally(replies));
    const violations = [...new Set(replies)].filter((each) => each !== '403 ticket_invalid').map((each) => `A ticket that was tampered with was answered: ${each}.`);
    for (const { project_id, experiment_id } of [here, there]) {
      const reply = await client.get(`/v1/experiment/get/${project_id}/${experiment_id}`);
      if (reply?.bytes.includes('"size"')) violations.push(`Experiment ${experiment_id} has a model.`);
    }
    const honest = outcome(await put(client, path, '{"w":[1]}'));
    if (honest !== '204') violations.push(`The ticket itself does not work any more: ${honest}.`);
    return violations;
  }),
});
