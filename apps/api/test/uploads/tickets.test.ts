import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { levels, newMember, removeMember, revoke, updateMember } from '../support/members.js';
import { smallSafetensors } from '../support/models.js';
import { askTicket, download, expectNothingKept, expectProblem, newPlace, nothingStaged, ticketWays, type Place, type Ticket } from '../support/uploads.js';

const MINUTE = 60_000;

describe.each(databases)('an upload ticket on %s', (database) => {
  let api: TestApi;
  const beginning = Date.now();
  let skew = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => beginning + skew) });
  });
  afterAll(() => api.close());
  afterEach(() => {
    skew = 0;
  });

  describe.each(ticketWays)('used by %s', (_way, upload) => {
    async function expectRefused(place: Place, ticket: Ticket, status: number, code: string): Promise<void> {
      expectProblem(await upload(ticket, smallSafetensors()), status, code);
      await expectNothingKept(api, place);
    }

    it('works once', async () => {
      const place = await newPlace(api);
      const ticket = await askTicket(api, place);
      expect((await upload(ticket, smallSafetensors())).status).toBe(204);
      expectProblem(await upload(ticket, smallSafetensors(2)), 400, 'ticket_used');
      expect((await download(api, place)).bytes.equals(smallSafetensors())).toBe(true);
    });

    it('works until its ten minutes are over, then is 403 ticket_expired', async () => {
      const place = await newPlace(api);
      const ticket = await askTicket(api, place);
      skew = 10 * MINUTE + 1;
      await expectRefused(place, ticket, 403, 'ticket_expired');
      skew = 9.9 * MINUTE;
      expect((await upload(ticket, smallSafetensors())).status).toBe(204);
    });

    it('is 403 ticket_invalid when a letter of it was changed', async () => {
      const place = await newPlace(api);
      const { url, fields } = await askTicket(api, place);
      const [payload, signature] = fields['ticket']!.split('.') as [string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const forged = Buffer.from(JSON.stringify({ ...claims, expiresAt: claims.expiresAt + MINUTE })).toString('base64url');
      const changed = signature.slice(0, -2) + (signature.endsWith('AA') ? 'BB' : 'AA');
      for (const ticket of [`${forged}.${signature}`, `${payload}.${changed}`, `${payload}.`, payload, '', `.${signature}`, `${payload}.${signature}.x`])
        await expectRefused(place, { url, fields: { ...fields, ticket } }, 403, 'ticket_invalid');
    });

    it('is 403 ticket_invalid for any other experiment', async () => {
      const [mine, other] = [await newPlace(api), await newPlace(api)];
      const { url, fields } = await askTicket(api, mine);
      const key = `${other.project}/${other.experiment}/start_model`;
      await expectRefused(other, { url, fields: { ...fields, key } }, 403, 'ticket_invalid');
      await expectRefused(mine, { url, fields: { ...fields, key } }, 403, 'ticket_invalid');
    });

    it('is 403 ticket_invalid without its key field, or with one that goes elsewhere', async () => {
      const place = await newPlace(api);
      const { url, fields } = await askTicket(api, place);
      await expectRefused(place, { url, fields: { ticket: fields['ticket']! } }, 403, 'ticket_invalid');
      for (const key of ['', '../start_model', `${fields['key']}/..`, fields['key']!.toUpperCase()])
        await expectRefused(place, { url, fields: { ...fields, key } }, 403, 'ticket_invalid');
    });

    it('is 403 ticket_invalid when it is a download link', async () => {
      const [done, place] = [await newPlace(api), await newPlace(api)];
      await upload(await askTicket(api, done), smallSafetensors());
      const { body } = await send(api, 'GET', `/v1/experiment/start_model/${done.project}/${done.experiment}`, { key: api.adminKey });
      const { url, fields } = await askTicket(api, place);
      await expectRefused(place, { url, fields: { ...fields, ticket: new URL(body.model_url).searchParams.get('ticket')! } }, 403, 'ticket_invalid');
    });

    it('is 401 key_invalid once the key it was asked for with is revoked', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      const ticket = await askTicket(api, place, member.key);
      await revoke(api, member);
      await expectRefused(place, ticket, 401, 'key_invalid');
    });

    it('is 401 key_invalid once that key has expired', async () => {
      const place = await newPlace(api);
      const { body } = await send(api, 'POST', '/v1/auth/create', { key: api.adminKey, json: { expires_in_sec: 60 } });
      const ticket = await askTicket(api, place, body.key);
      skew = MINUTE + 1000;
      await expectRefused(place, ticket, 401, 'key_invalid');
    });

    it('is 403 permission_denied once the member may only read', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      const ticket = await askTicket(api, place, member.key);
      await updateMember(api, place.project, member.userId, levels.READ_ONLY);
      await expectRefused(place, ticket, 403, 'permission_denied');
    });

    it('is 404 project_not_found once the member is out of the project', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      const ticket = await askTicket(api, place, member.key);
      await removeMember(api, place.project, member.userId);
      await expectRefused(place, ticket, 404, 'project_not_found');
    });

    it('is 404 project_not_found once the project is deleted', async () => {
      const place = await newPlace(api);
      const ticket = await askTicket(api, place);
      await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: place.project } });
      expectProblem(await upload(ticket, smallSafetensors()), 404, 'project_not_found');
      await nothingStaged(api);
    });

    it('is 404 experiment_not_found once the experiment is gone', async () => {
      const place = await newPlace(api);
      const ticket = await askTicket(api, place);
      await api.ctx.db.prisma.experiment.delete({ where: { id: place.experiment } });
      expectProblem(await upload(ticket, smallSafetensors()), 404, 'experiment_not_found');
    });
  });

  it('holds no API key, neither in its text nor in what it encodes', async () => {
    const { url, fields } = await askTicket(api, await newPlace(api));
    const payload = Buffer.from(fields['ticket']!.split('.')[0]!, 'base64url').toString();
    expect(`${url} ${JSON.stringify(fields)} ${payload}`).not.toContain(api.adminKey);
  });

  it('is another one every time it is asked for', async () => {
    const place = await newPlace(api);
    const [one, other] = [await askTicket(api, place), await askTicket(api, place)];
    expect(one.fields['ticket']).not.toBe(other.fields['ticket']);
    expect(one.fields['key']).toBe(other.fields['key']);
  });
});
