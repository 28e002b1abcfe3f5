// Fermata from dist, a pooled machine for every run.
import { createRuntime } from "fermata-vm";

export const name = "fermata";

export async function create() {
  const runtime = await createRuntime();
  return {
    prepare(source, add) {
      return () => {
        const program = runtime.compile(source, {
          filename: "bench.js",
          externals: add === undefined ? {} : { add: "sync" },
        });
        let state = program.start({
          limits: { memoryBytes: 512 * 1024 * 1024, timeMs: 600_000, hostCalls: 10_000_000 },
        });
        while (state.status === "suspended") {
          const { args } = state.calls[0];
          state = state.resume(add(args[0], args[1]));
        }
        const { output } = state;
        state.dispose?.();
        return output;
      };
    },
  };
}
