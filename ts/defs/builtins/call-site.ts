// Owns the rows of call sites, which `Error.prepareStackTrace` gets. https://v8.dev/docs/stack-trace-api
import { constructor, method, object, type BuiltinFile } from "./rows.ts";

const P = "CallSite.prototype";
const part = (key: string) => method(P, key, 0, "native");

export const CALL_SITE: BuiltinFile = {
  rows: [
    object(P, { intrinsic: "CallSitePrototype" }),
    constructor("CallSite", 0, "native", { global: false }),
    ...[
      "getColumnNumber", "getEnclosingColumnNumber", "getEnclosingLineNumber", "getEvalOrigin", "getFileName", "getFunction", "getFunctionName", "getLineNumber",
      "getMethodName", "getPosition", "getPromiseIndex", "getScriptNameOrSourceURL", "getScriptHash", "getThis", "getTypeName", "isAsync", "isConstructor", "isEval",
      "isNative", "isPromiseAll", "isToplevel", "toString",
    ].map(part),
  ],
  natives: ["callSites"],
};
