export const PROVIDERS: readonly ['sqlite', 'postgresql'];
export function readSchema(): string;
