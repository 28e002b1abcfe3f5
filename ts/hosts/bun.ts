// Entry of the package in Bun, which reads files as Node does. An entry of its own, because Bun's bundler follows the
// `bun` condition and must find there nothing that only Node has.

export * from "./node.ts";
