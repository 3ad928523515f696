/** How a model format is told and named: what the registration of a media type says of it (RFC 6838, section 4). */
export interface MediaType {
  readonly name: string;
  /** What it may be sent as; the first is what we send it as. */
  readonly contentTypes: readonly [string, ...string[]];
  /** Whether a file that begins like this is to be read as one: `head` is its first HEAD_BYTES, or all of a shorter file. */
  sniff(head: Uint8Array): boolean;
}

/** As much of a file as tells its format, in bytes. */
export const HEAD_BYTES = 8;
