// Owns the natives that code from strings stands on (its constructors: function.ts, generator.ts; eval: global.ts).
import type { BuiltinFile } from "./rows.ts";

export const EVALUATE: BuiltinFile = { rows: [], natives: ["compileSource", "askTimeZone", "globalObject", "globalLexical"] };
