/*
 * How the tree of a KeyIndex lies in its rows: left child, right child, critical
 * bit, location of the record. A child is the row of an inner node, or a leaf's
 * with `leafFlag`.
 */
export const bitColumn = 2;
export const locationColumn = 3;
export const leafFlag = 0x8000_0000;

export function leafOf(row: number): number {
  return (leafFlag | row) >>> 0;
}
