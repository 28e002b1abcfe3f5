// Owns the entry of the build-time wasm: everything the shipped one exports, and the builder of the base image.
export * from "./index";
export * from "./host/builder";
