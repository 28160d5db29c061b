/** Families of curves differ in their strokes too: colour alone tells nothing apart. */
export const DASHES = [null, [9, 4], [18, 4], [9, 3, 2, 3]];
/** The strokes of variants, away from those that a family begins with. */
export const ofVariant = (at: number): { index: number; dash: number } => ({ index: 5 - at, dash: 1 + at });
/** The role of series of a variant. */
export const VARIANT = "variant";
