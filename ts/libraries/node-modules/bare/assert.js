// Owns the module assert: another name of node:assert.

export { default } from "node:assert";
export * from "node:assert";
