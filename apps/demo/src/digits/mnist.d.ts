/** The package has no types of its own; this is as much of it as is used here. */
declare module 'mnist' {
  /** One entry for each digit, 0 to 9. `raw` holds `length` pictures of 784 pixels, one after the other. */
  const digits: { raw: number[]; length: number }[];
  export default digits;
}
