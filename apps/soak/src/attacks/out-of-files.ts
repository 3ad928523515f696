import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { onServer, tally, type Attack } from './attack.js';
import { clientOf, outcome, type Place } from './client.js';

/** Connections that ask for nothing, of which one is replaced by another every millisecond. */
function crowdOf(url: string, count: number) {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  let ended = 0;
  let gone = false;
  const one = () => {
    const socket = connect(Number(port), hostname);
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      open.delete(socket);
      if (!gone) ended++;
    });
  };
  for (let n = 0; n < count; n++) one();
  const replace = setInterval(() => {
    if (open.size >= count) open.values().next().value?.destroy();
    one();
  }, 1);
  return {
    ended: () => ended,
    leave() {
      gone = true;
      clearInterval(replace);
      for (const socket of open) socket.destroy();
    },
  };
}

export const outOfFiles = (strangers = 1_150, seconds = 60): Attack => ({
  name: 'out-of-files',
  what: `${strangers} idle connections, replaced one a millisecond, for ${seconds} s before a server that may have 1,024 files open, beside projects, experiments and models`,
  // The same limit for the soft and the hard one, or Node would raise it.
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const crowd = crowdOf(server.url, strangers);
    const seen: string[] = [];
    const kept: Place[] = [];
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const place = await client.place().catch(() => undefined);
      if (!place) {
        seen.push('no place');
        await pause(5);
        continue;
      }
      const reply = await client.post('experiment/submit_start_model', { ...place, model: { w: [seen.length] } });
      seen.push(outcome(reply));
      if (reply?.status === 204) kept.push(place);
    }
    crowd.leave();
    await pause(1_000);
    say(`${crowd.ended()} strangers were cut off or replaced; models: ${tally(seen)}`);
    const violations = [...new Set(seen)].filter((each) => !['204', 'no place', 'no answer', '503 busy'].includes(each)).map((each) => `A model was answered: ${each}.`);
    for (const { project_id, experiment_id } of kept) {
      const reply = await client.get(`/v1/experiment/get/${project_id}/${experiment_id}`);
      if (!reply?.bytes.includes('"size"')) violations.push(`The model of experiment ${experiment_id} was acknowledged and is not there: ${outcome(reply)}.`);
    }
    const after = await client.place().then(() => '200', String);
    if (after !== '200') violations.push(`With the crowd gone nothing can be made: ${after}.`);
    return violations;
  }, { under: ['bash', '-c', 'ulimit -n 1024; exec "$@"', 'bash'] }),
});
