/** What is written down of something that happened to an experiment. */
export interface NewEvent {
  readonly type: string;
  readonly jobId?: string;
  readonly deviceId?: string;
  readonly data?: Record<string, unknown>;
}
