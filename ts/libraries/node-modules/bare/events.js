// Owns the module events: another name of node:events.

export { default } from "node:events";
export * from "node:events";
