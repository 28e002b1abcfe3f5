// Owns the module util: another name of node:util.

export { default } from "node:util";
export * from "node:util";
