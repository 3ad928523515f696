/** `/v1/auth/create` under the path that some published clients use. */
export { createKey as createKeyByItsOtherPath } from './create.js';
