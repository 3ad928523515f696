// What the strategies are, told once more: on whole arrays of numbers, tensor by tensor and column by column, without
// blocks, threads or files. It shares no code with what is shipped.

export interface PlainTensor {
  readonly name: string;
  readonly kind: 'F64' | 'F32' | 'I64';
  /** Of an I64, integers below 2^53. */
  readonly values: readonly number[];
}

export type PlainModel = readonly PlainTensor[];

export interface PlainState {
  readonly t: number;
  readonly m: PlainModel;
  readonly v: PlainModel;
  readonly norm: number | undefined;
}

type Numbers = 'num_trimmed' | 'trim_fraction' | 'num_malicious' | 'num_selected' | 'iterations' | 'smoothing' | 'norm' | 'initial_norm' | 'target_quantile' | 'learning_rate' | 'q' | 'device_learning_rate';
type StepNumbers = 'server_learning_rate' | 'server_momentum' | 'beta_1' | 'beta_2' | 'tau' | 'initial_accumulator';

/** A strategy as it is on the wire, with every default filled in, or a part of it. */
export type PlainSpec = { readonly [Name in Numbers | StepNumbers]?: number } & {
  readonly type: string;
  readonly weighting?: unknown;
  readonly combine?: PlainSpec;
  readonly clipping?: PlainSpec;
  readonly exclude?: readonly string[];
  readonly bias_correction?: boolean;
};

const isFloat = ({ kind }: PlainTensor) => kind !== 'I64';

const floats = (model: PlainModel): number[] => {
  const some = model.filter(isFloat);
  return (some.length > 0 ? some : model).flatMap(({ values }) => [...values]);
};

function weights(counts: readonly (number | null)[], weighting: unknown): number[] {
  const known = weighting !== 'uniform' && counts[0] !== null;
  const cap = typeof weighting === 'object' ? (weighting as { cap: number }).cap : Infinity;
  const each = counts.map((count) => (known ? Math.min(count!, cap) : 1));
  let sum = 0;
  for (const one of each) sum += one;
  return each.map((one) => one / sum);
}

function halfEven(x: number): number {
  const down = Math.floor(x);
  return x - down < 0.5 || (x - down === 0.5 && down % 2 === 0) ? down : down + 1;
}

function meanColumn(column: readonly number[], c: readonly number[], tensor: PlainTensor): number {
  if (isFloat(tensor)) {
    let sum = -0;
    column.forEach((value, i) => (sum += c[i]! * value));
    return sum;
  }
  let offset = 0;
  column.forEach((value, i) => i > 0 && (offset += c[i]! * (value - column[0]!)));
  const down = Math.floor(offset);
  const rest = offset - down;
  const below = column[0]! + down;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

function average(sorted: readonly number[], tensor: PlainTensor): number {
  let sum = sorted[0]!;
  for (const value of sorted.slice(1)) sum += value;
  return isFloat(tensor) ? sum / sorted.length : halfEven(sum / sorted.length);
}

const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b);

function byColumns(models: readonly PlainModel[], rule: (column: number[], tensor: PlainTensor) => number): PlainModel {
  return models[0]!.map((tensor, k) => ({ ...tensor, values: tensor.values.map((_, i) => rule(models.map((model) => model[k]!.values[i]!), tensor)) }));
}

function squares(models: readonly PlainModel[]): number[][] {
  const flat = models.map(floats);
  return flat.map((a) =>
    flat.map((b) => {
      let sum = 0;
      a.forEach((value, i) => (sum += (value - b[i]!) * (value - b[i]!)));
      return sum;
    }),
  );
}

function krumOrder(distances: readonly number[][], left: readonly number[], neighbours: number): number[] {
  const score = new Map(
    left.map((i) => {
      let sum = 0;
      for (const d of ascending(left.filter((j) => j !== i).map((j) => distances[i]![j]!)).slice(0, neighbours)) sum += d;
      return [i, sum];
    }),
  );
  return left.toSorted((a, b) => score.get(a)! - score.get(b)! || a - b);
}

function combineBy(rule: PlainSpec, models: readonly PlainModel[], counts: readonly (number | null)[], weighting: unknown): PlainModel {
  const n = models.length;
  const everybody = models.map((_, i) => i);
  const meanOf = (places: readonly number[], c: readonly number[]) => byColumns(places.map((place) => models[place]!), (column, tensor) => meanColumn(column, c, tensor));
  switch (rule.type) {
    case 'FedMedian':
      return byColumns(models, (column, tensor) => average(ascending(column).slice(Math.floor((n - 1) / 2), n - Math.floor((n - 1) / 2)), tensor));
    case 'FedTrimmedAvg': {
      const k = rule.num_trimmed ?? Math.floor(rule.trim_fraction! * n);
      return byColumns(models, (column, tensor) => average(ascending(column).slice(k, n - k), tensor));
    }
    case 'Krum':
      return models[krumOrder(squares(models), everybody, n - rule.num_malicious! - 2)[0]!]!;
    case 'MultiKrum': {
      const chosen = ascending(krumOrder(squares(models), everybody, n - rule.num_malicious! - 2).slice(0, rule.num_selected ?? n - rule.num_malicious! - 2));
      return meanOf(chosen, weights(chosen.map((i) => counts[i]!), weighting));
    }
    case 'GeometricMedian': {
      const alpha = weights(counts, weighting);
      const flat = models.map(floats);
      let c = alpha;
      for (let turn = 0; turn < rule.iterations!; turn++) {
        const z = flat[0]!.map((_, i) => {
          let sum = 0;
          flat.forEach((model, k) => (sum += c[k]! * model[i]!));
          return sum;
        });
        const b = flat.map((model, k) => {
          let sum = 0;
          model.forEach((value, i) => (sum += (value - z[i]!) * (value - z[i]!)));
          return alpha[k]! / Math.max(rule.smoothing!, Math.sqrt(sum));
        });
        let total = 0;
        for (const one of b) total += one;
        c = b.map((one) => one / total);
      }
      return meanOf(everybody, c);
    }
    case 'Bulyan': {
      const f = rule.num_malicious!;
      const distances = squares(models);
      let left = everybody;
      const picked: number[] = [];
      while (picked.length < n - 2 * f) {
        const winner = krumOrder(distances, left, Math.max(1, left.length - f - 2))[0]!;
        picked.push(winner);
        left = left.filter((i) => i !== winner);
      }
      return byColumns(ascending(picked).map((i) => models[i]!), (column, tensor) => {
        const sorted = ascending(column);
        const median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
        const nearest = sorted.toSorted((a, b) => Math.abs(a - median) - Math.abs(b - median) || a - b).slice(0, n - 4 * f);
        return average(ascending(nearest), tensor);
      });
    }
    default:
      return meanOf(everybody, weights(counts, weighting));
  }
}

function moveBy(spec: PlainSpec, x: number, a: number, m: number, v: number, t: number): { x: number; m: number; v: number } {
  const d = a - x;
  const [b1, b2] = [spec.beta_1!, spec.beta_2!];
  if (spec.type === 'FedAvgM') {
    const next = spec.server_momentum! * m + d;
    return { x: x + spec.server_learning_rate! * next, m: next, v };
  }
  const nextM = b1 * m + (1 - b1) * d;
  const q = d * d;
  let nextV = v + q;
  if (spec.type === 'FedAdam') nextV = b2 * v + (1 - b2) * q;
  if (spec.type === 'FedYogi') nextV = v - (1 - b2) * q * Math.sign(v - q);
  let rate = spec.server_learning_rate!;
  if (spec.bias_correction) {
    let [p1, p2] = [1, 1];
    for (let i = 0; i < t; i++) [p1, p2] = [p1 * b1, p2 * b2];
    rate = (rate * Math.sqrt(1 - p2)) / (1 - p1);
  }
  return { x: x + (rate * nextM) / (Math.sqrt(nextV) + spec.tau!), m: nextM, v: nextV };
}

const excluded = (name: string, globs: readonly string[]) =>
  globs.some((glob) => new RegExp(`^${glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*')}$`, 'u').test(name));

const castTensor = (tensor: PlainTensor): PlainTensor => (tensor.kind === 'F32' ? { ...tensor, values: tensor.values.map(Math.fround) } : tensor);

/** The fair mean: devices pull by their losses of the start model. */
function fairMean(spec: PlainSpec, start: PlainModel, models: readonly PlainModel[], losses: readonly number[]): PlainModel {
  const l = 1 / spec.device_learning_rate!;
  const f = losses.map((loss) => loss + 1e-10);
  const power = f.map((one) => one ** spec.q!);
  const from = floats(start);
  let h = 0;
  models.forEach((model, k) => {
    let length = 0;
    floats(model).forEach((value, i) => (length += (l * (from[i]! - value)) ** 2));
    h += spec.q! * f[k]! ** (spec.q! - 1) * length + l * power[k]!;
  });
  let all = 0;
  for (const one of power) all += one;
  return start.map((tensor, k) => ({
    ...tensor,
    values: tensor.values.map((x, i) => {
      const column = models.map((model) => model[k]!.values[i]!);
      if (!isFloat(tensor)) return meanColumn(column, power.map((one) => one / all), tensor);
      let sum = 0;
      column.forEach((u, j) => (sum += power[j]! * (l * (x - u))));
      return x - sum / h;
    }),
  }));
}

/** The new model and what is kept for the next round; `losses` are those of the start model, for who asks for them. */
export function plainRound(spec: PlainSpec, start: PlainModel, updates: readonly PlainModel[], counts: readonly (number | null)[], before?: PlainState, losses: readonly number[] = []): { model: PlainModel; state: PlainState } {
  const clipping = spec.clipping;
  const norm: number = clipping ? (clipping.norm ?? before?.norm ?? clipping.initial_norm!) : Infinity;
  const lengths = updates.map((update) => {
    let sum = 0;
    update.filter(isFloat).forEach((tensor) => tensor.values.forEach((value, i) => (sum += (value - start.find(({ name }) => name === tensor.name)!.values[i]!) ** 2)));
    return Math.sqrt(sum);
  });
  const clipped = updates.map((update, k) =>
    lengths[k]! <= norm
      ? update
      : update.map((tensor, j) => (isFloat(tensor) ? { ...tensor, values: tensor.values.map((value, i) => start[j]!.values[i]! + (norm / lengths[k]!) * (value - start[j]!.values[i]!)) } : tensor)),
  );
  const combined = spec.type === 'QFedAvg' ? fairMean(spec, start, clipped, losses) : combineBy(spec.combine ?? spec, clipped, counts, spec.weighting);
  let state: PlainState = { t: 0, m: [], v: [], norm: undefined };
  if (clipping?.type === 'adaptive') {
    const share = lengths.filter((length) => length <= norm).length / lengths.length;
    state = { ...state, norm: norm * Math.exp(-clipping.learning_rate! * (share - clipping.target_quantile!)) };
  }
  if (!('server_learning_rate' in spec)) return { model: combined.map(castTensor), state };

  const t = (before?.t ?? 0) + 1;
  const [m, v]: [PlainTensor[], PlainTensor[]] = [[], []];
  const model = combined.map((tensor, k) => {
    if (!isFloat(tensor) || excluded(tensor.name, spec.exclude!)) return tensor;
    const kept = (list: PlainModel | undefined) => list?.find(({ name }) => name === tensor.name)?.values;
    const moved = tensor.values.map((a, i) => moveBy(spec, start[k]!.values[i]!, a, kept(before?.m)?.[i] ?? 0, kept(before?.v)?.[i] ?? spec.initial_accumulator ?? 0, t));
    m.push({ ...tensor, kind: 'F64', values: moved.map((one) => one.m) });
    v.push({ ...tensor, kind: 'F64', values: moved.map((one) => one.v) });
    return { ...tensor, values: moved.map((one) => one.x) };
  });
  return { model: model.map(castTensor), state: { ...state, t, m, v } };
}

/** One of everything that there is to ask for, for rounds of nine devices or ten. */
export const strategyRequests: readonly (string | Readonly<Record<string, unknown> & { type: string }>)[] = [
  'FedAvg', 'FedProx', 'FedMedian', 'FedTrimmedAvg', 'GeometricMedian', 'FedAvgM', 'FedAdam', 'FedYogi', 'FedAdagrad',
  { type: 'FedAvg', weighting: 'uniform' },
  { type: 'FedAvg', weighting: { cap: 40 } },
  { type: 'FedTrimmedAvg', num_trimmed: 0 },
  { type: 'FedTrimmedAvg', num_trimmed: 3 },
  { type: 'Krum', num_malicious: 0 },
  { type: 'Krum', num_malicious: 2 },
  { type: 'MultiKrum', num_malicious: 2 },
  { type: 'MultiKrum', num_malicious: 1, num_selected: 7, weighting: 'examples' },
  { type: 'GeometricMedian', iterations: 1, smoothing: 0.5, weighting: 'uniform' },
  { type: 'Bulyan', num_malicious: 0 },
  { type: 'Bulyan', num_malicious: 1 },
  { type: 'FedAvgM', server_learning_rate: 0.7, server_momentum: 0.3, exclude: [] },
  { type: 'FedAdam', bias_correction: true, beta_1: 0.8, exclude: ['dense.*'] },
  { type: 'FedYogi', bias_correction: true, tau: 0.1, initial_accumulator: 0 },
  { type: 'FedAdam', combine: { type: 'GeometricMedian' } },
  { type: 'FedAvg', combine: { type: 'FedTrimmedAvg', num_trimmed: 2 } },
  { type: 'FedAvgM', combine: { type: 'MultiKrum', num_malicious: 2 } },
  { type: 'QFedAvg', device_learning_rate: 0.1 },
  { type: 'QFedAvg', device_learning_rate: 0.5, q: 0 },
  { type: 'QFedAvg', device_learning_rate: 0.5, q: 2, clipping: { type: 'fixed', norm: 1.5 } },
  { type: 'FedAvg', clipping: { type: 'fixed', norm: 1.5 } },
  { type: 'FedAvg', clipping: { type: 'adaptive', initial_norm: 1 }, weighting: 'uniform' },
  { type: 'FedAdam', clipping: { type: 'adaptive', initial_norm: 1 }, weighting: 'uniform' },
  { type: 'FedMedian', clipping: { type: 'fixed', norm: 0.5 } },
  { type: 'Krum', num_malicious: 1, clipping: { type: 'fixed', norm: 0.5 } },
];
