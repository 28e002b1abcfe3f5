// Owns the list of wasm exports. Everything the wrapper may call is named here; what it does is in host/ and snapshot/.
export { unpackBase, unpackPrelude } from "./host/unpack";
export * from "./host/exports";
export * from "./host/regexp-check";
export * from "./snapshot/exports";
