// Owns the module path: another name of node:path.

export { default } from "node:path";
export * from "node:path";
