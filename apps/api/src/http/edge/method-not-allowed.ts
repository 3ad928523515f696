import type { Express } from 'express';
import { Refusal } from '../../refusal.js';

interface Registered {
  readonly method: string;
  readonly path: string;
}

/** Answers 405 with `Allow` on every known path. Call it after all of them are registered. */
export function refuseOtherMethods(app: Express, routes: readonly Registered[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method);
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(path, () => {
      throw new Refusal('method_not_allowed', `Use ${allow.join(' or ')} on this path.`, { allow });
    });
  }
}
