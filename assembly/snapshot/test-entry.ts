// Owns nothing: the entry of test builds made before the shipped entry exported snapshots.
export * from "../host/exports";
export * from "./exports";
