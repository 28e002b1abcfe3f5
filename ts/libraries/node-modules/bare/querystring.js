// Owns the module querystring: another name of node:querystring.

export { default } from "node:querystring";
export * from "node:querystring";
