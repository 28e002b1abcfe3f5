// Owns the type of what the build makes (ts/build/zones).

/** All time zones, packed: ts/build/zones/pack.ts says how. */
export const data: string;
