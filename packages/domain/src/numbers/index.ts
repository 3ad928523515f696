export { decode, encode } from './codec.js';
export { findNotFinite } from './find-offender.js';
export { byteWidth, type DType } from './dtype.js';
