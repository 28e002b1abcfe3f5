// Owns the module node:events.
// https://nodejs.org/api/events.html

const MARK = Symbol.for("nodejs.rejection");
export const errorMonitor = Symbol("events.errorMonitor");
export const captureRejectionSymbol = MARK;
export let defaultMaxListeners = 10;

function check(listener) {
  if (typeof listener === "function") return;
  const type = listener === null ? "null" : typeof listener;
  throw Object.assign(new TypeError(`The "listener" argument must be of type function. Received ${type}`), {
    code: "ERR_INVALID_ARG_TYPE",
  });
}

/** The listeners of an emitter by event, made when they are first needed: a class may forget to call `super`. */
const KEY = Symbol("listeners");
function listenersOf(emitter) {
  if (!Object.hasOwn(emitter, KEY))
    Object.defineProperty(emitter, KEY, { value: new Map(), writable: true, configurable: true });
  return emitter[KEY];
}

function add(emitter, event, listener, isFirst) {
  check(listener);
  const all = listenersOf(emitter);
  if (all.has("newListener")) emitter.emit("newListener", event, listener.listener ?? listener);
  const list = all.get(event) ?? [];
  all.set(event, isFirst ? [listener, ...list] : [...list, listener]);
  return emitter;
}

function onceOf(emitter, event, listener) {
  check(listener);
  const once = function (...args) {
    emitter.removeListener(event, once);
    return Reflect.apply(listener, emitter, args);
  };
  once.listener = listener;
  return once;
}

/** A function, not a class: old code inherits from it with `EventEmitter.call(this)`. */
function EventEmitter() {
  // oxlint-disable-next-line oxc/no-this-in-exported-function -- it is a constructor
  listenersOf(this);
}

const methods = {
  on(event, listener) {
    return add(this, event, listener, false);
  },
  prependListener(event, listener) {
    return add(this, event, listener, true);
  },
  once(event, listener) {
    return add(this, event, onceOf(this, event, listener), false);
  },
  prependOnceListener(event, listener) {
    return add(this, event, onceOf(this, event, listener), true);
  },
  off(event, listener) {
    check(listener);
    const all = listenersOf(this);
    const list = all.get(event) ?? [];
    const at = list.findLastIndex((one) => one === listener || one.listener === listener);
    if (at < 0) return this;
    if (list.length === 1) all.delete(event);
    else all.set(event, list.toSpliced(at, 1));
    if (all.has("removeListener")) this.emit("removeListener", event, listener);
    return this;
  },
  removeAllListeners(event) {
    const all = listenersOf(this);
    if (event === undefined) all.clear();
    else all.delete(event);
    return this;
  },
  emit(event, ...args) {
    const all = listenersOf(this);
    if (event === "error") {
      for (const listener of all.get(errorMonitor) ?? []) Reflect.apply(listener, this, args);
      if (!all.has("error")) throw unhandled(args[0]);
    }
    const list = all.get(event);
    if (list === undefined) return false;
    for (const listener of list) Reflect.apply(listener, this, args);
    return true;
  },
  listeners(event) {
    return (listenersOf(this).get(event) ?? []).map((one) => one.listener ?? one);
  },
  rawListeners(event) {
    return [...(listenersOf(this).get(event) ?? [])];
  },
  listenerCount(event, listener) {
    const list = listenersOf(this).get(event) ?? [];
    return listener === undefined ? list.length : list.filter((one) => (one.listener ?? one) === listener).length;
  },
  eventNames() {
    return [...listenersOf(this).keys()];
  },
  setMaxListeners(count) {
    this._maxListeners = count;
    return this;
  },
  getMaxListeners() {
    return this._maxListeners ?? defaultMaxListeners;
  },
};
methods.addListener = methods.on;
methods.removeListener = methods.off;
Object.assign(EventEmitter.prototype, methods);

function unhandled(error) {
  if (error instanceof Error) return error;
  const made = new Error(`Unhandled error. (${typeof error === "string" ? `'${error}'` : $host.inspect(error, 2)})`);
  return Object.assign(made, { code: "ERR_UNHANDLED_ERROR", context: error });
}

const abortError = (signal) =>
  Object.assign(new Error("The operation was aborted", { cause: signal.reason }), {
    name: "AbortError",
    code: "ABORT_ERR",
  });

/** https://nodejs.org/api/events.html#eventsonceemitter-name-options; of an EventTarget too. */
export function once(emitter, name, { signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const isEmitter = typeof emitter.on === "function";
    const end = (settle) => (value) => {
      signal?.removeEventListener("abort", onAbort);
      if (isEmitter) {
        emitter.removeListener(name, onEvent);
        emitter.removeListener("error", onError);
      } else emitter.removeEventListener(name, onEvent);
      settle(value);
    };
    const onEvent = (...args) => end(resolve)(args);
    const onError = end(reject);
    const onAbort = () => onError(abortError(signal));
    signal?.addEventListener("abort", onAbort, { once: true });
    if (!isEmitter) return emitter.addEventListener(name, onEvent, { once: true });
    emitter.once(name, onEvent);
    if (name !== "error") emitter.once("error", onError);
  });
}

/** https://nodejs.org/api/events.html#eventsonemitter-eventname-options */
export function on(emitter, name, { signal, close = [] } = {}) {
  const values = [];
  const waiting = [];
  let failure;
  let isDone = false;
  const settle = () => {
    while (waiting.length > 0) {
      if (values.length > 0) waiting.shift().resolve({ value: values.shift(), done: false });
      else if (failure !== undefined) {
        waiting.shift().reject(failure.error);
        failure = undefined;
        isDone = true;
      } else if (isDone) waiting.shift().resolve({ value: undefined, done: true });
      else return;
    }
  };
  const onEvent = (...args) => {
    values.push(args);
    settle();
  };
  const onError = (error) => {
    failure = { error };
    stop(false);
  };
  const onEnd = () => stop(true);
  const stop = (isEnd) => {
    if (isEnd) isDone = true;
    emitter.removeListener(name, onEvent);
    emitter.removeListener("error", onError);
    for (const one of close) emitter.removeListener(one, onEnd);
    settle();
  };
  if (signal?.aborted) throw abortError(signal);
  signal?.addEventListener("abort", () => onError(abortError(signal)), { once: true });
  emitter.on(name, onEvent);
  if (name !== "error") emitter.on("error", onError);
  for (const one of close) emitter.on(one, onEnd);
  return {
    next() {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        settle();
      });
    },
    async return() {
      stop(true);
      return { value: undefined, done: true };
    },
    async throw(error) {
      onError(error);
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export const getEventListeners = (emitter, name) => emitter.listeners(name);
export const listenerCount = (emitter, name) => emitter.listenerCount(name);
export function setMaxListeners(count, ...emitters) {
  if (emitters.length === 0) defaultMaxListeners = count;
  for (const emitter of emitters) emitter.setMaxListeners?.(count);
}

Object.assign(EventEmitter, {
  EventEmitter,
  captureRejectionSymbol,
  errorMonitor,
  getEventListeners,
  listenerCount,
  on,
  once,
  setMaxListeners,
});
Object.defineProperty(EventEmitter, "defaultMaxListeners", {
  get: () => defaultMaxListeners,
  set(count) {
    defaultMaxListeners = count;
  },
  enumerable: true,
});
export { EventEmitter };
export default EventEmitter;
