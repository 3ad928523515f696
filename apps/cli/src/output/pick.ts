/** The member at a path such as `live_job.status`; undefined when there is none. */
export function at(value: unknown, path: string): unknown {
  let member: unknown = value;
  for (const name of path.split('.')) member = typeof member === 'object' && member !== null ? (member as Record<string, unknown>)[name] : undefined;
  return member;
}

/** An object with nothing but the members at `paths`, in the same shape. What is missing is left out. */
export function pick(value: unknown, paths: readonly string[]): unknown {
  const picked: Record<string, unknown> = {};
  for (const path of paths) {
    const member = at(value, path);
    if (member === undefined) continue;
    const names = path.split('.');
    let place = picked;
    for (const name of names.slice(0, -1)) place = (place[name] ??= {}) as Record<string, unknown>;
    place[names.at(-1)!] = member;
  }
  return picked;
}
