import type { StopRule } from '@vergeai/domain';
import { choiceText, presentChoice } from '../models/device-choice.js';
import type { JobSettings } from '../models/job-settings.js';
import { presentStrategy, strategyText } from '../models/strategy.js';

/** How the jobs of a sweep are configured, as it is answered; JSON text on its row. */
export function sweepJobText({ num_devices, num_buffer_devices, min_devices, device_selection_strategy, termination_criteria, device_timeout_sec, aggregation_strategy, ...choice }: JobSettings, stop_when: StopRule | null): string {
  return JSON.stringify({
    num_devices,
    num_buffer_devices,
    min_devices: min_devices ?? null,
    device_selection_strategy,
    termination_criteria,
    device_timeout_sec,
    ...presentChoice({ deviceChoice: choiceText(choice) }),
    aggregation_strategy: aggregation_strategy === undefined ? null : presentStrategy({ aggregationStrategy: strategyText(aggregation_strategy) }),
    stop_when,
  });
}

export const presentSweepJob = ({ job }: { readonly job: string }) => JSON.parse(job) as PresentedJob;

export interface PresentedJob {
  num_devices: number;
  num_buffer_devices: number;
  min_devices: number | null;
  device_selection_strategy: string;
  termination_criteria: { type: 'DurationTerminationCriteria'; max_duration_sec: number }[];
  device_timeout_sec: number;
  device_ids: string[] | null;
  device_labels: string[] | null;
  aggregation_strategy: { type: string; [parameter: string]: unknown } | null;
  stop_when: StopRule | null;
}
