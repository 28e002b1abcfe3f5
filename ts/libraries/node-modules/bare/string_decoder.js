// Owns the module string_decoder: another name of node:string_decoder.

export { default } from "node:string_decoder";
export * from "node:string_decoder";
