import styles from './select.module.css';

/** The browser's own select, in our looks. It has its label beside it or in `aria-label`. */
export const selectClass = styles.select!;
