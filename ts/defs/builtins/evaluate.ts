// Owns the natives on which code from strings is built (its constructors: function.ts, generator.ts; eval: global.ts).
import type { BuiltinFile } from "./rows.ts";

export const EVALUATE: BuiltinFile = { rows: [], natives: ["compileSource", "askTimeZone", "globalObject", "globalLexical"] };
