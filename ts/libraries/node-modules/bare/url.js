// Owns the module url: another name of node:url.

export { default } from "node:url";
export * from "node:url";
