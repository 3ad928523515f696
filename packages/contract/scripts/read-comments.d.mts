/**
 * What stands in the comments above the contract's operations, by dotted name, with the text on one line.
 * @param contract the folder of its sources, where it is another one
 */
export function readComments(resources: readonly string[], contract?: URL): Map<string, { readonly text: string; readonly example: string }>;
