/** So many digits are on no device, and judge every model. */
export const HELD_OUT = 1000;
