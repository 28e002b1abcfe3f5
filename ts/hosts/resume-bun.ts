// Entry `fermata-vm/resume` in Bun, a separate one for the reason given in bun.ts.

export * from "./resume-node.ts";
