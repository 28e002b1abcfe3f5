// Goes on with programs that were held, in any runtime, and says how each arrives at its next stop. It gets the package from its
// caller, and must use nothing of its host but base64.

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const textOf = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Limits of a run travel in its snapshot; these let all of them through. */
const GENEROUS = { memoryBytes: 2 ** 30, timeMs: Infinity, stackDepth: Infinity, stdoutBytes: Infinity };

function arrival(fermata, runtime, { bytes, fuel }) {
  try {
    const held = runtime.load(bytesOf(bytes), { limits: GENEROUS, allowEval: true }).restore();
    const state = held.status === "paused" ? held.resume({ fuel }) : held;
    if (state.status !== "paused") return { fuel: state.usage.fuel };
    const next = textOf(state.snapshot().dump({ level: 0, elapsed: false }));
    const report = { fuel: state.usage.fuel, bytes: next };
    state.dispose();
    return report;
  } catch (error) {
    if (!(error instanceof fermata.GuestError)) return { fuel: -1, failed: String(error) };
    return { fuel: error.run.usage.fuel };
  }
}

export async function takeLegs(fermata, legs) {
  const runtime = await fermata.createRuntime();
  return legs.map((leg) => arrival(fermata, runtime, leg));
}
