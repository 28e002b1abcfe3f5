// Owns the list of wasm exports. Everything the wrapper may call is named here; what it does is in host/.
export * from "./host/exports";
