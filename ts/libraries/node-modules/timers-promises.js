// Owns the module node:timers/promises. Timers are the machine's.
// https://nodejs.org/api/timers.html#timers-promises-api

const { setTimeout: startTimer, clearTimeout, setImmediate: startImmediate, clearImmediate } = globalThis;

function aborted(signal) {
  return Object.assign(new Error("The operation was aborted", { cause: signal.reason }), {
    name: "AbortError",
    code: "ABORT_ERR",
  });
}

/** A promise for what `start` calls, unless the signal comes first. */
function wait(start, stop, value, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const onAbort = () => {
      stop(timer);
      reject(aborted(signal));
    };
    const timer = start(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve(value);
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export const setTimeout = (delay, value = undefined, { signal } = {}) =>
  wait((done) => startTimer(done, delay), clearTimeout, value, signal);

export const setImmediate = (value = undefined, { signal } = {}) => wait(startImmediate, clearImmediate, value, signal);

export async function* setInterval(delay, value = undefined, options = {}) {
  for (;;) yield await setTimeout(delay, value, options);
}

export const scheduler = {
  wait: (delay, options) => setTimeout(delay, undefined, options),
  yield: () => setImmediate(),
};

export default { scheduler, setImmediate, setInterval, setTimeout };
