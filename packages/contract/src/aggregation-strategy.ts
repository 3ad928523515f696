import { z } from 'zod';
import { text } from './text.js';

/** At most what one experiment's tensors are named by; more would cost time at every tensor. */
const globs = z.array(text(1, 200)).max(64).describe('Names of tensors, with `*` for any characters, that take the combined value without a step; running statistics when left out');

const numMalicious = z.number().int().min(0).max(1000).describe('Against how many malicious devices');
const beta = z.number().min(0).lt(1);

export const cappedWeighting = z.strictObject({ cap: z.number().positive().describe('No update counts for more examples than this') });

export const weighting = z
  .union([z.enum(['examples', 'uniform']), cappedWeighting])
  .describe('How much updates count: by their number of examples, which devices may lie about, all the same, or by their number up to a cap');

export const clippings = {
  FixedClipping: z.strictObject({ type: z.literal('fixed'), norm: z.number().positive() }),
  AdaptiveClipping: z.strictObject({
    type: z.literal('adaptive'),
    initial_norm: z.number().positive().optional().describe('The norm of the first round; 0.1 when left out'),
    target_quantile: z.number().gt(0).lt(1).optional().describe('Which share of the updates is to stay as it is; 0.5 when left out'),
    learning_rate: z.number().positive().optional().describe('How quickly the norm follows; 0.2 when left out'),
  }),
};

const clipping = z
  .discriminatedUnion('type', [clippings.FixedClipping, clippings.AdaptiveClipping])
  .describe('How far an update may lie from the model that it was trained from');

export const noise = z.strictObject({ noise_multiplier: z.number().min(0).max(1000) }).describe('Noise for differential privacy, in multiples of what one device can change; it needs clipping and uniform weights');

const fedMedian = { type: z.literal('FedMedian') };
const fedTrimmedAvg = {
  type: z.literal('FedTrimmedAvg'),
  trim_fraction: z.number().min(0).lt(0.5).optional().describe('Which share of the values is left out at either end; 0.2 when left out'),
  num_trimmed: z.number().int().min(0).max(1000).optional().describe('How many values are left out at either end, in the place of a share'),
};
const krum = { type: z.literal('Krum'), num_malicious: numMalicious };
const multiKrum = { type: z.literal('MultiKrum'), num_malicious: numMalicious, num_selected: z.number().int().min(1).max(1000).optional().describe('Of how many updates the mean is taken; num_devices - num_malicious - 2 when left out') };
const geometricMedian = {
  type: z.literal('GeometricMedian'),
  iterations: z.number().int().min(1).max(20).optional().describe('How many times the weights are found anew; 4 when left out'),
  smoothing: z.number().positive().optional().describe('The least distance that counts; 1e-6 when left out'),
};
const bulyan = { type: z.literal('Bulyan'), num_malicious: numMalicious };

const trimsOneWay = (value: { trim_fraction?: number | undefined; num_trimmed?: number | undefined }) => value.trim_fraction === undefined || value.num_trimmed === undefined;
const oneWay = { message: 'must not be given together with trim_fraction', path: ['num_trimmed'] };

/** Rules that may stand in the place of the mean. */
export const rules = {
  FedMedianRule: z.strictObject(fedMedian),
  FedTrimmedAvgRule: z.strictObject(fedTrimmedAvg).refine(trimsOneWay, oneWay),
  KrumRule: z.strictObject(krum),
  MultiKrumRule: z.strictObject(multiKrum),
  GeometricMedianRule: z.strictObject(geometricMedian),
  BulyanRule: z.strictObject(bulyan),
};

const combine = z
  .discriminatedUnion('type', [rules.FedMedianRule, rules.FedTrimmedAvgRule, rules.KrumRule, rules.MultiKrumRule, rules.GeometricMedianRule, rules.BulyanRule])
  .describe('A rule in the place of the mean');

const clipped = { clipping: clipping.optional() };
const combining = { weighting: weighting.optional(), combine: combine.optional(), noise: noise.optional(), ...clipped };
const stepping = { server_learning_rate: z.number().positive().optional(), exclude: globs.optional(), ...combining };
const adaptive = {
  beta_1: beta.optional(),
  tau: z.number().positive().optional().describe('How far a step adapts: the least that it is divided by; 0.001 when left out'),
  initial_accumulator: z.number().min(0).optional().describe('What the second moment begins with; the square of tau when left out'),
  ...stepping,
};
const decaying = { beta_2: beta.optional(), bias_correction: z.boolean().optional(), ...adaptive };

interface NoisyParts {
  readonly noise?: unknown;
  readonly clipping?: unknown;
  readonly combine?: unknown;
  readonly weighting?: unknown;
}

/** What noise needs so that its privacy can be told. */
function checkNoise({ noise: asked, clipping: limit, combine: rule, weighting: weights }: NoisyParts, ctx: z.RefinementCtx): void {
  if (asked === undefined) return;
  const refuse = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message, input: asked });
  if (limit === undefined) refuse('clipping', 'is needed by noise');
  if (rule !== undefined) refuse('combine', 'can not be used together with noise');
  if (weights !== undefined && weights !== 'uniform') refuse('weighting', 'must be "uniform" together with noise');
}

const named = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).superRefine((value, ctx) => checkNoise(value, ctx));

/** Every strategy with its parameters. */
export const strategies = {
  FedAvg: named({ type: z.literal('FedAvg'), ...combining }),
  FedProx: named({ type: z.literal('FedProx'), proximal_mu: z.number().positive().optional().describe('How strongly devices are held to the model that they were given; 0.01 when left out'), ...combining }),
  FedAvgM: named({ type: z.literal('FedAvgM'), server_momentum: beta.optional(), ...stepping }),
  FedAdam: named({ type: z.literal('FedAdam'), ...decaying }),
  FedYogi: named({ type: z.literal('FedYogi'), ...decaying }),
  FedAdagrad: named({ type: z.literal('FedAdagrad'), ...adaptive }),
  QFedAvg: z.strictObject({
    type: z.literal('QFedAvg'),
    q: z.number().min(0).max(100).optional().describe('How much more a device counts whose loss is high; 0 is the mean in which all count alike, 0.1 when left out'),
    device_learning_rate: z.number().positive().describe('With which rate devices train'),
    loss_metric: text(1, 100).optional().describe('The metric in which a device reports its loss of the model that it was given; "loss" when left out'),
    ...clipped,
  }),
  FedMedian: z.strictObject({ ...fedMedian, ...clipped }),
  FedTrimmedAvg: z.strictObject({ ...fedTrimmedAvg, ...clipped }).refine(trimsOneWay, oneWay),
  Krum: z.strictObject({ ...krum, ...clipped }),
  MultiKrum: z.strictObject({ ...multiKrum, weighting: weighting.optional(), ...clipped }),
  GeometricMedian: z.strictObject({ ...geometricMedian, weighting: weighting.optional(), ...clipped }),
  Bulyan: z.strictObject({ ...bulyan, ...clipped }),
};

const parameters = z.discriminatedUnion('type', [
  strategies.FedAvg, strategies.FedProx, strategies.FedAvgM, strategies.FedAdam, strategies.FedYogi, strategies.FedAdagrad, strategies.QFedAvg,
  strategies.FedMedian, strategies.FedTrimmedAvg, strategies.Krum, strategies.MultiKrum, strategies.GeometricMedian, strategies.Bulyan,
]);

/** The strategies that need nothing said. */
const names = z.enum(['FedAvg', 'FedProx', 'FedAvgM', 'FedAdam', 'FedYogi', 'FedAdagrad', 'FedMedian', 'FedTrimmedAvg', 'GeometricMedian']);

/** How the updates of a job become one model: a name, or an object with parameters. */
export const aggregationStrategy = z.union([names, parameters]).describe('How the updates of a job become one model: a name, or an object with its parameters');

/** The same in answers: an object with every default filled in. */
export const answeredStrategy = z.looseObject({ type: z.string() }).describe('How updates become one model, with every default filled in');
