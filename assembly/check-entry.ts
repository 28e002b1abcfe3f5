// Owns the list of wasm exports of the target `check`: those of a release, and the heap verifier.
export { heapProblemCell, heapProblemFault, verifyHeap } from "./debug/heap-verify";
export * from "./index";
