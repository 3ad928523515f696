import type { RuleParameters, StrategySpec } from '../specification/specification.js';
import type { Strategy } from '../strategy.js';
import { bulyan } from './bulyan.js';
import { fedAdagrad } from './fed-adagrad.js';
import { fedAdam } from './fed-adam.js';
import { fedAvgM } from './fed-avg-m.js';
import { fedAvg } from './fed-avg.js';
import { fedMedian } from './fed-median.js';
import { fedProx } from './fed-prox.js';
import { fedTrimmedAvg } from './fed-trimmed-avg.js';
import { fedYogi } from './fed-yogi.js';
import { geometricMedian } from './geometric-median.js';
import { krum } from './krum.js';
import { multiKrum } from './multi-krum.js';
import { qFedAvg } from './q-fed-avg.js';

type Strategies = {
  readonly [Type in StrategySpec['type']]: Strategy<Type extends RuleParameters['type'] ? Extract<RuleParameters, { type: Type }> : Extract<StrategySpec, { type: Type }>>;
};

/** The strategies there are, by type. */
export const strategies: Strategies = {
  FedAvg: fedAvg,
  FedProx: fedProx,
  FedAvgM: fedAvgM,
  FedAdam: fedAdam,
  FedYogi: fedYogi,
  FedAdagrad: fedAdagrad,
  QFedAvg: qFedAvg,
  FedMedian: fedMedian,
  FedTrimmedAvg: fedTrimmedAvg,
  Krum: krum,
  MultiKrum: multiKrum,
  GeometricMedian: geometricMedian,
  Bulyan: bulyan,
};
