// Entry of the package in Bun, which reads files as Node does. It is a separate entry because Bun's bundler follows the `bun`
// condition and must not find anything there that only Node has.

export * from "./node.ts";
