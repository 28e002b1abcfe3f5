// Owns what tests look at in recordings.

import type { Recording } from "../../ts/api/recording.ts";

/** The bytes of the state at the recording's place, as base64: the whole of what the program is there. */
export function bytesAt(recording: Recording): string {
  const state = recording.fork();
  if (state.status === "complete") throw new Error("a fork is complete");
  const bytes = state.snapshot().dump({ elapsed: false });
  state.dispose();
  return Buffer.from(bytes).toString("base64");
}
