// What is asked is asked by these; the rest of the library stays out of the bundle.
export { confirm, isCancel, password, select, text } from '@clack/prompts';
