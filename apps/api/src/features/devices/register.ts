/** `/v1/device/create` under the path that some published clients use. */
export { createDevice as registerDevice } from './create.js';
