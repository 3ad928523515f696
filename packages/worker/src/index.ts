export type { DType, FormatName as ModelFormat } from '@vergeai/domain';
export { createWorker, type DeviceWorker, type RunOptions, type StopOptions } from './worker.js';
export type { Evaluate, Evaluation, EvaluationResult, JobInfo, Outcome, Train, Training, TrainingResult, WorkerOptions } from './options.js';
export { floats, type Model, type Tensor, type TensorData, type TrainedModel, type TrainedTensor } from './model/model.js';
export { decodeModel } from './model/decode-model.js';
export { encodeModel } from './model/encode-model.js';
export { memoryCache, type MemoryCache, type ModelCache } from './model-cache.js';
export type { ResumeOptions, Trained, TrainOptions, TrainProgress } from './experiment/options.js';
export { Experiment } from './experiment/experiment.js';
