/** Families of curves differ in their strokes too: colour alone tells nothing apart. */
export const DASHES = [null, [9, 4], [18, 4], [9, 3, 2, 3]];
