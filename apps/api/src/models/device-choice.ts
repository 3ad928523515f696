import type { DeviceChoice } from '@vergeai/domain';

/** A choice as it is asked for. */
export interface ChoiceRequest {
  readonly device_ids?: readonly string[] | undefined;
  readonly device_labels?: readonly string[] | undefined;
}

/** How the row of a job is to be kept for what was asked for; null: any device of its project. */
export function choiceText({ device_ids, device_labels }: ChoiceRequest): string | null {
  if (device_ids) return JSON.stringify({ device_ids });
  return device_labels ? JSON.stringify({ device_labels: device_labels.toSorted() }) : null;
}

export const choiceOf = ({ deviceChoice: text }: { readonly deviceChoice: string | null }): DeviceChoice | undefined => (text === null ? undefined : (JSON.parse(text) as DeviceChoice));

/** The same for an answer. */
export function presentChoice(row: Parameters<typeof choiceOf>[0]): { device_ids: string[] | null; device_labels: string[] | null } {
  const choice = choiceOf(row);
  return {
    device_ids: choice && 'device_ids' in choice ? [...choice.device_ids] : null,
    device_labels: choice && 'device_labels' in choice ? [...choice.device_labels] : null,
  };
}

/** Those devices, among others. */
export function whereChosen(choice: DeviceChoice | undefined) {
  if (!choice) return {};
  return 'device_ids' in choice ? { id: { in: [...choice.device_ids] } } : { AND: choice.device_labels.map((label) => ({ labels: { some: { label } } })) };
}
