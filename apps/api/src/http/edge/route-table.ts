import { Router, type RequestHandler } from 'express';

/** What tells one route from another: `/v1/experiment/get` or `/v1/upload`. */
const BEGINNING = /^\/[^/]+\/[^/]+(?:\/[^/]+)?/;

/** As in Express, upper and lower case are the same here, and a route for GET answers HEAD. */
const keyOf = (method: string, path: string) => `${method === 'HEAD' ? 'GET' : method} ${BEGINNING.exec(path)?.[0].toLowerCase()}`;

/**
 * The routes of the contract, each found by its method and the beginning of its path in one look-up: Express would try path
 * after path, and there are more than seventy. What is found is a router of Express's with that one route, so that
 * parameters, case, a slash at the end, HEAD and errors are as they are everywhere. The rest goes on to what comes next.
 */
export class RouteTable {
  readonly #routers = new Map<string, Router>();

  /** The router to put a route on. Throws where the route would never be found, or stands in the way of another. */
  routerFor(method: string, path: string): Router {
    const key = keyOf(method, path);
    if (!BEGINNING.test(path) || key.includes(':') || this.#routers.has(key)) throw new Error(`${method} ${path} is not told from other routes by the first two or three segments of its path`);
    const router = Router();
    this.#routers.set(key, router);
    return router;
  }

  /** Hands requests to what is in the table. It has a `stack`, as Express's routers do, where an app is asked for its routes. */
  handler(): RequestHandler & { readonly stack: readonly { readonly handle: Router }[] } {
    const handle: RequestHandler = (req, res, next) => {
      const router = this.#routers.get(keyOf(req.method, req.path));
      if (router) router(req, res, next);
      else next();
    };
    return Object.assign(handle, { stack: [...this.#routers.values()].map((router) => ({ handle: router })) });
  }
}
