// Owns the list of patches, in the order in which they are applied.
import { AWAIT_PATCHES } from "./await.ts";
import type { Patch } from "./patch.ts";

export const PATCHES: readonly Patch[] = [...AWAIT_PATCHES];
