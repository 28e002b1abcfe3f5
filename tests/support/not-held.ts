/** The file name of scripts that held-anywhere.ts leaves alone: they are held in ways of their own, or would take minutes. */
export const NOT_HELD = "generated.js";
