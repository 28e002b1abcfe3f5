// Owns the module buffer: another name of node:buffer.

export { default } from "node:buffer";
export * from "node:buffer";
