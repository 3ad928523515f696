import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { usePageTop } from './use-page-top.js';
import { useRowKeys } from './use-row-keys.js';

/** Rows beyond what is seen, above and below: not so many that the page gets heavy. */
const OVERSCAN = 8;
/** In pixels: the head stays where it is while rows go by below it. */
const HEAD_HEIGHT = 40;
/** How many rows before the end the next ones are asked for. */
const AHEAD = 30;

/** Brings a row to where it can be seen, by its index from 0; to the top where rows below it may still grow. */
export interface Scroller {
  scrollTo(index: number, align?: 'auto' | 'start'): void;
}

interface Props {
  readonly ref?: Ref<Scroller>;
  readonly count: number;
  /** In pixels, about: what is shown is measured. */
  readonly rowHeight: number;
  /** How many columns there are. */
  readonly columns: number;
  readonly keyOf: (index: number) => string;
  /** A `<tr ref={measure} data-index={index}>`; what has `data-row={index}` in it gets the focus by `j` and `k`. */
  readonly row: (index: number, measure: Ref<HTMLTableRowElement>) => ReactNode;
  /** Asks for the next rows; undefined where there are none, or they are on their way. */
  readonly more?: (() => void) | undefined;
}

/** The body of a table of which only the rows on the screen are there. */
export function VirtualBody({ ref, count, rowHeight, columns, keyOf, row, more }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const virtual = useWindowVirtualizer({ count, estimateSize: () => rowHeight, overscan: OVERSCAN, scrollMargin: usePageTop(body), scrollPaddingStart: HEAD_HEIGHT, getItemKey: keyOf });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1);
  useEffect(() => {
    if ((last?.index ?? 0) >= count - AHEAD) more?.();
  }, [last?.index, count, more]);
  useImperativeHandle(ref, () => ({ scrollTo: (index, align = 'auto') => virtual.scrollToIndex(index, { align }) }), [virtual]);
  useRowKeys(count, (index) => virtual.scrollToIndex(index));
  const { scrollMargin } = virtual.options;
  return (
    <tbody ref={body}>
      <Space columns={columns} height={(shown[0]?.start ?? scrollMargin) - scrollMargin} />
      {shown.map(({ index }) => row(index, virtual.measureElement))}
      <Space columns={columns} height={virtual.getTotalSize() + scrollMargin - (last?.end ?? scrollMargin)} />
    </tbody>
  );
}

/** In the place of the rows that are not there. */
const Space = ({ columns, height }: { columns: number; height: number }) =>
  height > 0 ? (
    <tr aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
