import { contract, operations } from '@vergeai/contract';

/** A GET of the contract with its path filled in. */
export interface FilledGet {
  readonly name: string;
  readonly path: string;
}

/** Every GET operation of the contract, its path parameters taken from `values`. Throws for one it has no value for. */
export function everyGet(values: Readonly<Record<string, string>>): FilledGet[] {
  return operations({ ...contract })
    .filter(({ route }) => route.method === 'GET')
    .map(({ name, route }) => ({
      name,
      path: route.path.replace(/:(\w+)/g, (_all, parameter: string) => {
        const value = values[parameter];
        if (value === undefined) throw new Error(`no value for ${parameter} of ${name}`);
        return value;
      }),
    }));
}
