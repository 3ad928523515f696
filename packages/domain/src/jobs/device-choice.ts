/** Which devices a job may have: all of its project, these, or those that carry all of these labels. */
export type DeviceChoice = { readonly device_ids: readonly string[] } | { readonly device_labels: readonly string[] };

/** What there is to know of a device that may be chosen. */
export interface Choosable {
  readonly id: string;
  readonly labels: readonly string[];
}

export const isChosen = (choice: DeviceChoice, { id, labels }: Choosable): boolean =>
  'device_ids' in choice ? choice.device_ids.includes(id) : choice.device_labels.every((label) => labels.includes(label));

/** The same for people, after "devices": "with the label gpu". */
export function choicePhrase(choice: DeviceChoice): string {
  if ('device_ids' in choice) return `of the ${choice.device_ids.length} that the job names`;
  const { device_labels: labels } = choice;
  return `with the ${labels.length === 1 ? 'label' : 'labels'} ${labels.map((label) => JSON.stringify(label)).join(', ')}`;
}
