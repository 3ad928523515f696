import { describe, expectTypeOf, it } from 'vitest';
import type { EventEntry, Experiment, Job, JobStatus, KnownEvent, StateDict, UnknownEvent, UploadTicket, VergeAI } from '../src/index.js';

declare const vergeai: VergeAI;
declare const project_id: string;
declare const experiment_id: string;
declare const job_id: string;

// Compiled, never run: the calls stand in functions.
describe('types derived from the contract', () => {
  it('know the printed status as a literal and the body', () => {
    const create = () => vergeai.Experiment.create({ project_id, hyperparameters: { learning_rate: 0.01 } });
    expectTypeOf(create).returns.resolves.toEqualTypeOf<{ readonly statusCode: 204; readonly body: Experiment }>();
    const job = () => vergeai.Job.create({ project_id, experiment_id, num_devices: 1 });
    expectTypeOf(job).returns.resolves.toEqualTypeOf<{ readonly statusCode: 200; readonly body: Job }>();
  });

  it('flatten path, query and body into one object', () => {
    expectTypeOf<Parameters<VergeAI['Experiment']['get']>[0]>().toEqualTypeOf<{ project_id: string; experiment_id: string }>();
    expectTypeOf<NonNullable<Parameters<VergeAI['Job']['list']>[0]>>().toEqualTypeOf<{
      project_id: string;
      experiment_id: string;
      limit?: number | undefined;
      cursor?: string | undefined;
      status?: JobStatus | undefined;
    }>();
  });

  it('refuse what the contract does not have', () => {
    // @ts-expect-error project_id is missing
    void (() => vergeai.Experiment.create({}));
    // @ts-expect-error the input is missing
    void (() => vergeai.Experiment.create());
    // @ts-expect-error no such parameter
    void (() => vergeai.Experiment.create({ project_id, lerning_rate: 1 }));
    // @ts-expect-error a count is a number
    void (() => vergeai.Job.create({ project_id, experiment_id, num_devices: '1' }));
    // @ts-expect-error no such operation
    void (() => vergeai.Experiment.destroy({ project_id }));
  });

  it('let the input be left out when all of it may be', () => {
    const key = () => vergeai.APIKey.create();
    expectTypeOf(key).returns.resolves.toEqualTypeOf<{ readonly statusCode: 200; readonly body: { key: string } }>();
    void (() => vergeai.User.create());
    void (() => vergeai.Project.list());
  });

  it('take a model in any form, and give a ticket without one', () => {
    const submit = (model: StateDict | Uint8Array | Blob | string | AsyncIterable<Uint8Array>) =>
      vergeai.Experiment.submit_start_model({ project_id, experiment_id, model, block: true });
    expectTypeOf(submit).returns.resolves.toEqualTypeOf<{ readonly statusCode: 204; readonly body: Record<string, never> }>();
    const ticket = () => vergeai.Device.submit_model_update({ project_id, job_id });
    expectTypeOf(ticket).returns.resolves.toEqualTypeOf<{ readonly statusCode: 200; readonly body: UploadTicket }>();
    // @ts-expect-error a number is no model
    void (() => vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: 7 }));
  });

  it('make lists iterable and links readable, and nothing else', () => {
    void (async () => {
      for await (const entry of vergeai.Job.list({ project_id, experiment_id })) expectTypeOf(entry.job_id).toEqualTypeOf<string>();
      for await (const entry of vergeai.Experiment.events({ project_id, experiment_id })) expectTypeOf(entry.sequence).toEqualTypeOf<number>();
    });
    const model = () => vergeai.Experiment.current_model({ project_id, experiment_id }).json();
    expectTypeOf(model).returns.resolves.toEqualTypeOf<StateDict>();
    expectTypeOf<VergeAI['Device']['next_job']>().returns.not.toHaveProperty('json');
    expectTypeOf<VergeAI['Experiment']['describe']>().returns.not.toHaveProperty(Symbol.asyncIterator);
  });

  it('tell from the type of an event what is in its data, and leave over those of a newer server', () => {
    void (async () => {
      for await (const event of vergeai.Experiment.events({ project_id, experiment_id })) {
        expectTypeOf(event).toEqualTypeOf<EventEntry>();
        if (event.type === 'job_failed') expectTypeOf(event.data.reason).toEqualTypeOf<string>();
        // @ts-expect-error no such type
        if (event.type === 'job_forgotten') continue;
        if (event.type === 'experiment_updated') expectTypeOf(event.job_id).toEqualTypeOf<null>();
        if (event.type === 'job_completed') expectTypeOf(event.job_id).toEqualTypeOf<string>();
        if (event.type === 'device_replaced') expectTypeOf(event.device_id).toEqualTypeOf<string>();
        expectTypeOf<Exclude<typeof event, KnownEvent>>().toEqualTypeOf<UnknownEvent>();
      }
    });
  });

  it('make the absent body of next_job something to narrow by', () => {
    void (async () => {
      const { body } = await vergeai.Device.next_job({ project_id, wait: 30 });
      expectTypeOf(body.job_id).toEqualTypeOf<string | undefined>();
      if (body.job_id !== undefined) expectTypeOf(body.lease.duration_sec).toEqualTypeOf<number>();
    });
  });
});
