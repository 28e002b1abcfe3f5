// Owns the module process: another name of node:process.

export { default } from "node:process";
export * from "node:process";
