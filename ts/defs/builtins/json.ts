// Owns the declaration of JSON.
import { type BuiltinFile, CONFIGURABLE, method, object, value } from "./rows.ts";

export const JSON_PARSE: BuiltinFile = {
  rows: [
    object("JSON", { intrinsic: "JSON", global: true }),
    method("JSON", "parse", 2, "native+js"),
    method("JSON", "rawJSON", 1, "js"),
    method("JSON", "isRawJSON", 1, "js"),
    value("JSON", "[Symbol.toStringTag]", "JSON", CONFIGURABLE),
  ],
  natives: ["jsonValue", "jsonSources"],
};

export const JSON_STRINGIFY: BuiltinFile = {
  rows: [method("JSON", "stringify", 3, "native+js")],
  natives: ["jsonQuote"],
};
