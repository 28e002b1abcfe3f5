// Owns `process`: what of it has a meaning for a program without an operating system. Its environment is empty until the program, or
// the host by way of an input, fills it.

const listeners = new Map();

const named = (name) => listeners.get(name) ?? [];

export const process = {
  title: "fermata",
  version: "v20.0.0",
  versions: { node: "20.0.0" },
  platform: "linux",
  arch: "wasm32",
  argv: ["fermata"],
  execArgv: [],
  env: {},
  pid: 1,
  exitCode: undefined,
  release: { name: "node" },
  browser: false,
  cwd: () => "/",
  uptime: () => performance.now() / 1000,
  nextTick(callback, ...args) {
    if (typeof callback !== "function") throw new TypeError('The "callback" argument must be of type function.');
    queueMicrotask(() => callback(...args));
  },
  hrtime: Object.assign(
    (previous) => {
      const nanoseconds = Math.round(performance.now() * 1e6);
      let seconds = Math.floor(nanoseconds / 1e9);
      let rest = nanoseconds % 1e9;
      if (previous !== undefined) {
        seconds -= previous[0];
        rest -= previous[1];
        if (rest < 0) {
          seconds--;
          rest += 1e9;
        }
      }
      return [seconds, rest];
    },
    { bigint: () => BigInt(Math.round(performance.now() * 1e6)) },
  ),
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  emitWarning: (warning) => console.warn(`(fermata) ${typeof warning === "string" ? `Warning: ${warning}` : warning}`),
  exit(code) {
    throw new Error(`process.exit(${code ?? ""}): a program of Fermata ends by returning`);
  },
  on(name, listener) {
    listeners.set(name, [...named(name), listener]);
    return process;
  },
  off(name, listener) {
    listeners.set(
      name,
      named(name).filter((one) => one !== listener),
    );
    return process;
  },
  emit(name, ...args) {
    for (const listener of named(name)) listener.apply(process, args);
    return named(name).length > 0;
  },
  listeners: (name) => [...named(name)],
  listenerCount: (name) => named(name).length,
  stdout: { isTTY: false, columns: 80, write: (text) => (console.log(`${text}`.replace(/\n$/, "")), true) },
  stderr: { isTTY: false, columns: 80, write: (text) => (console.error(`${text}`.replace(/\n$/, "")), true) },
};
process.once = process.on;
process.addListener = process.on;
process.removeListener = process.off;
