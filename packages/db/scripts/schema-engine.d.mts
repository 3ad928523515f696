export function sqlBetween(provider: 'sqlite' | 'postgresql', from: string | null, to: string): Promise<string>;
