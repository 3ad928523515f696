export { decode, encode } from './codec.js';
export { byteWidth, type DType } from './dtype.js';
