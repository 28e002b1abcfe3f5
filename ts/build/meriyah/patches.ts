// Owns the list of patches, in the order in which they are applied.
import { ARROW_PATCHES } from "./arrows.ts";
import { AWAIT_PATCHES } from "./await.ts";
import { CHAIN_PATCHES } from "./chains.ts";
import { CLASS_PATCHES } from "./classes.ts";
import type { Patch } from "./patch.ts";
import { PATTERN_PATCHES } from "./patterns.ts";
import { STATEMENT_PATCHES } from "./statements.ts";
import { TOKEN_PATCHES } from "./tokens.ts";

export const PATCHES: readonly Patch[] = [
  ...TOKEN_PATCHES,
  ...STATEMENT_PATCHES,
  ...ARROW_PATCHES,
  ...PATTERN_PATCHES,
  ...CLASS_PATCHES,
  ...AWAIT_PATCHES,
  ...CHAIN_PATCHES,
];
