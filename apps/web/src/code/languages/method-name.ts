/** What both clients call an operation: `auth.create_key` is `APIKey.create_key`. */
export function methodName(operation: string): string {
  const [resource, method] = operation.split('.') as [string, string];
  return `${resource === 'auth' ? 'APIKey' : resource[0]!.toUpperCase() + resource.slice(1)}.${method}`;
}
