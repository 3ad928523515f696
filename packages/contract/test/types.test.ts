import type { ClientInferRequest, ClientInferResponseBody } from '@ts-rest/core';
import { describe, expectTypeOf, it } from 'vitest';
import type { Contract, EventData, EventEntry, EventType, Experiment, Job, JobStatus, JsonText, StateDict, UnknownEvent, UploadTicket } from '../src/index.js';
import { experimentId as experiment_id, projectId as project_id } from './support/documented.js';

// What counts here is that it compiles: `npm test` checks the types before it runs anything.
describe('the types of the contract', () => {
  it('have the documented objects as answers', () => {
    expectTypeOf<ClientInferResponseBody<Contract['experiment']['get'], 200>>().toEqualTypeOf<Experiment>();
    expectTypeOf<ClientInferResponseBody<Contract['job']['create'], 200>>().toEqualTypeOf<Job>();
    expectTypeOf<keyof Experiment>().toEqualTypeOf<
      'ID' | 'jobs' | 'hyperparameters' | 'current_job' | 'start_model' | 'current_model' | 'is_active'
    >();
    expectTypeOf<Job['status']>().toEqualTypeOf<JobStatus>();
    expectTypeOf<Job['configuration']['num_devices']>().toEqualTypeOf<string>();
  });

  it('have a ticket or nothing as the answer to a model', () => {
    type Submit = Contract['experiment']['submit_start_model'];
    expectTypeOf<ClientInferResponseBody<Submit, 200>>().toEqualTypeOf<UploadTicket>();
    expectTypeOf<ClientInferResponseBody<Submit, 204>>().toEqualTypeOf<undefined>();
  });

  it('have the printed status as a literal', () => {
    expectTypeOf<Contract['experiment']['create']['metadata']['statusCode']>().toEqualTypeOf<204>();
    expectTypeOf<Contract['job']['create']['metadata']['statusCode']>().toEqualTypeOf<200>();
  });

  it('have each parameter with its type', () => {
    type Create = ClientInferRequest<Contract['job']['create']>['body'];
    expectTypeOf<Create['num_devices']>().toEqualTypeOf<number>();
    expectTypeOf<Create['num_buffer_devices']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<ClientInferRequest<Contract['experiment']['get']>['params']>().toEqualTypeOf<{ project_id: string; experiment_id: string }>();
    expectTypeOf<ClientInferRequest<Contract['experiment']['submit_start_model']>['body']['model']>().toEqualTypeOf<StateDict | undefined>();
    expectTypeOf<JsonText>().toExtend<Experiment['hyperparameters']>();
  });

  it('know from the type of an event what is in its data and which ids it has', () => {
    expectTypeOf<ClientInferResponseBody<Contract['experiment']['events'], 200>['data'][number]>().toEqualTypeOf<EventEntry>();
    void ((event: EventEntry) => {
      if (event.type === 'job_failed') expectTypeOf(event.data).toEqualTypeOf<{ reason: string }>();
      if (event.type === 'experiment_created') expectTypeOf(event.job_id).toEqualTypeOf<null>();
      if (event.type === 'model_update_submitted') {
        expectTypeOf(event.data.metrics).toEqualTypeOf<Record<string, number>>();
        expectTypeOf(event.device_id).toEqualTypeOf<string>();
      }
      if (event.type === 'job_completed') {
        expectTypeOf(event.data).toEqualTypeOf<Record<string, never>>();
        expectTypeOf(event.job_id).toEqualTypeOf<string>();
        expectTypeOf(event.device_id).toEqualTypeOf<null>();
      }
    });
  });

  it('leave over, when all types of the catalogue are dealt with, those of a newer server', () => {
    expectTypeOf<Exclude<EventEntry, { type: EventType }>>().toEqualTypeOf<UnknownEvent>();
    expectTypeOf<UnknownEvent['type']>().toExtend<string>();
  });

  it('refuse an event that the catalogue does not have', () => {
    // @ts-expect-error no such type
    type Forgotten = EventData<'job_forgotten'>;
    void ({} as Forgotten);
    // @ts-expect-error no such type
    void ((event: EventEntry) => event.type === 'job_forgotten');
    // @ts-expect-error it is a text
    void ({ reason: 1 } satisfies EventData<'job_failed'>);
    // @ts-expect-error it has a reason
    void ({} satisfies EventData<'job_failed'>);
    // @ts-expect-error it has nothing
    void ({ reason: 'none' } satisfies EventData<'job_completed'>);
  });

  it('refuse what the contract does not have', () => {
    type Create = ClientInferRequest<Contract['job']['create']>['body'];
    // @ts-expect-error a count is a number
    void ({ project_id, experiment_id, num_devices: '1' } satisfies Create);
    // @ts-expect-error num_devices is missing
    void ({ project_id, experiment_id } satisfies Create);
    // @ts-expect-error no such parameter
    void ({ project_id, experiment_id, num_devices: 1, devices: 2 } satisfies Create);
  });
});
