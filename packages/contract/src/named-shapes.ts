import { z } from 'zod';
import { aggregationStrategy, answeredStrategy, cappedWeighting, clippings, noise, rules, strategies, weighting } from './aggregation-strategy.js';
import { lease } from './device.js';
import { eventEntry } from './events/entry.js';
import { deviceReport, experimentObject } from './experiment.js';
import { jobStatus } from './job-status.js';
import { jobObject } from './job.js';
import { downloadLink, inlineModel, modelDetails, modelFormat, modelReference, presignedUpload, storedModel, uploadTicket } from './model.js';
import { isPage } from './page.js';
import { permissionLevel } from './permission-level.js';
import { shapeOf, type Direction, type JsonSchema } from './shapes.js';

interface Named {
  readonly shape: z.ZodType;
  /** What it is, for people. */
  readonly sentence: string;
}

/** The shapes whose types clients export under a name of their own. Others are called after the operation that has them. */
export const namedShapes: Readonly<Record<string, Named>> = {
  AggregationStrategy: { shape: aggregationStrategy, sentence: 'How the updates of a job become one model: a name, or an object with its parameters.' },
  AnsweredStrategy: { shape: answeredStrategy, sentence: 'How updates become one model, with every default filled in.' },
  CappedWeighting: { shape: cappedWeighting, sentence: 'By the number of examples, up to a cap.' },
  FixedClipping: { shape: clippings.FixedClipping, sentence: 'Updates may lie so far from the model that they were trained from.' },
  AdaptiveClipping: { shape: clippings.AdaptiveClipping, sentence: 'How far they may lie follows a quantile of how far they did.' },
  Noise: { shape: noise, sentence: 'Noise for differential privacy.' },
  Weighting: { shape: weighting, sentence: 'How much the updates of a job count.' },
  ...Object.fromEntries(Object.entries(strategies).map(([type, shape]) => [`${type}Strategy`, { shape, sentence: `The strategy ${type} with its parameters.` }])),
  ...Object.fromEntries(Object.entries(rules).map(([name, shape]) => [name, { shape, sentence: `The rule ${name.replace('Rule', '')} in the place of the mean.` }])),
  DeviceReport: { shape: deviceReport, sentence: 'What a device sent with its update.' },
  DownloadLink: { shape: downloadLink, sentence: 'Where a model can be fetched, for a while and without a key.' },
  EventEntry: { shape: eventEntry, sentence: "One entry of an experiment's log." },
  Experiment: { shape: experimentObject, sentence: 'One model with its hyperparameters, and the series of jobs that trains it.' },
  Job: { shape: jobObject, sentence: 'One round of training. Counts and times are decimal strings here, as the reference prints them.' },
  JobStatus: { shape: jobStatus, sentence: 'How a job stands. The last three are final.' },
  Lease: { shape: lease, sentence: "A device's hold on a job: `heartbeat` renews it before it lapses." },
  ModelDetails: { shape: modelDetails, sentence: 'What is known of a stored model.' },
  ModelFormat: { shape: modelFormat, sentence: 'What kind of file a model is.' },
  ModelReference: { shape: modelReference, sentence: 'Which model it is; `{}` while there is none.' },
  PermissionLevel: { shape: permissionLevel, sentence: 'What a member may do: 100 owner, 10 admin, 5 read and write, 1 read.' },
  PresignedUpload: { shape: presignedUpload, sentence: 'A place for the bytes of a model, which needs no key.' },
  StateDict: { shape: inlineModel, sentence: 'A model as a dictionary: tensor name to nested lists of numbers.' },
  StoredModel: { shape: storedModel, sentence: 'Which model it is, and how many bytes are stored.' },
  UploadTicket: { shape: uploadTicket, sentence: 'Where to send the bytes of a model, once and without a key.' },
};

const names = z.registry<{ readonly name: string }>();
for (const [name, { shape }] of Object.entries(namedShapes)) names.add(shape, { name });

/** The keywords under which a part says its name, and that it is a page of something and nothing more. */
export const NAME = 'x-name';
export const PAGE = 'x-page';

/** A schema as JSON Schema, for those who make types of it. */
export const namedShapeOf = (schema: z.ZodType, io: Direction): JsonSchema =>
  shapeOf(schema, io, (part) => {
    const given = names.get(part);
    return { ...(given && { [NAME]: given.name }), ...(isPage(part) && { [PAGE]: true }) };
  });
