// Owns the rows of Proxy. https://tc39.es/ecma262/#sec-proxy-objects
import { constructor, method, type BuiltinFile } from "./rows.ts";

export const PROXY: BuiltinFile = {
  rows: [constructor("Proxy", 2, "native", { prototype: null }), method("Proxy", "revocable", 2, "js")],
  natives: ["proxyCreate", "proxyRevoker", "proxyRevoke"],
};
