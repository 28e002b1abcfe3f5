// Owns the joint between Fermata and a test262 runner: a realm per variant, forked from one in which the harness files have been
// evaluated. Must never judge a test.
//
// Options (--adapter-opt k=v): wasm=PATH   another build of the core (default build/fermata.wasm)
//                              hold=N      stops each test every N units of fuel, and goes on from bytes
//                              libraries=A,B   modules of dist/; each realm has these libraries
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

export const name = "fermata";
export const execArgv = ["--no-warnings"];
export const ownsHarness = true;

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
let runtime;
let errors;
/** Units of fuel between two stops; 0: tests are not held. */
let hold = 0;

export async function init({ adapterOptions } = {}) {
  register();
  const { createRuntimeFrom } = await import(join(root, "ts/api/runtime.ts"));
  hold = Number(adapterOptions?.hold ?? 0);
  errors = await import(join(root, "ts/errors.ts"));
  const module = new WebAssembly.Module(readFileSync(adapterOptions?.wasm ?? join(root, "build/fermata.wasm")));
  runtime = await createRuntimeFrom({
    module,
    typescript: false,
    libraries: await librariesOf(adapterOptions),
  });
  scripts = await scriptsOf();
}

/** The libraries that the option names, of the package as it was built. */
async function librariesOf(adapterOptions) {
  const names = adapterOptions?.libraries?.split(",") ?? [];
  const modules = await Promise.all(names.map((name) => import(join(root, `dist/${name}.js`))));
  return modules.flatMap((library) => library.default);
}

let scripts;

/**
 * `$262.evalScript`: no guest can run a script from within, so it evaluates a comment, and the code that is linked for that is the
 * script's.
 */
async function scriptsOf() {
  const [{ Machine }, { compileRecord }, { frontEndWith }, { programRecord }] = await Promise.all(
    ["machine/machine", "api/compile", "api/front-end", "machine/program-bytes"].map(
      (file) => import(join(root, `ts/${file}.ts`)),
    ),
  );
  let next = 0;
  let image;
  const cold = Object.getOwnPropertyDescriptor(Machine.prototype, "cold").get;
  Object.defineProperty(Machine.prototype, "cold", {
    get() {
      const exports = cold.call(this);
      return image === undefined ? exports : { ...exports, link: (_, ...rest) => exports.link(image, ...rest) };
    },
  });
  const { addEvaluated } = Machine.prototype;
  Machine.prototype.addEvaluated = function (number, record) {
    addEvaluated.call(this, number, image === undefined ? record : programRecord({ ...record, image }));
    image = undefined;
  };
  return {
    /** The number of a script that is evaluated next, or what is wrong with it. */
    take(source) {
      try {
        const options = { filename: "evalScript.js", language: "javascript", allowEval: true };
        ({ image } = compileRecord(source, options, frontEndWith(undefined), true));
        return { value: next++ };
      } catch (error) {
        return { error: new SyntaxError(error.message) };
      }
    },
  };
}

export function version() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

const LIMITS = { memoryBytes: 512 * 1024 * 1024, timeMs: 120_000, stdoutBytes: 1 << 20, hostCalls: 1_000_000 };

/** What the guest calls `$262`, over the two host functions there are. */
const HOST = `(function (write, script) {
  var put = function (o, k, v, e) { Object.defineProperty(o, k, { value: v, writable: true, configurable: true, enumerable: !!e }); };
  var $262 = {};
  put($262, "global", globalThis, true);
  put($262, "gc", function gc() { throw new Error("gc is not available"); }, true);
  var indirect = eval;
  put($262, "evalScript", function evalScript(s) { return indirect("/* script " + script(String(s)) + " */"); }, true);
  if (typeof ArrayBuffer === "function" && ArrayBuffer.prototype.transfer) {
    var transfer = ArrayBuffer.prototype.transfer, apply = Reflect.apply;
    put($262, "detachArrayBuffer", function detachArrayBuffer(b) { if (!b.detached) apply(transfer, b, []); return null; }, true);
  }
  put(globalThis, "print", function print(s) { write(String(s)); });
  put(globalThis, "$262", $262);
  delete globalThis.__write;
  delete globalThis.__script;
})(__write, __script);`;

/** The same state, made from bytes. */
function carried(state) {
  const bytes = state.snapshot().dump({ level: 1 });
  state.dispose();
  return runtime.load(bytes).restore();
}

/** The answer to an import. */
function moduleFor({ args }, resolveModule) {
  try {
    const [specifier, referrer, attributes] = args;
    const { source, filename, type } = resolveModule(specifier, referrer, attributes);
    return { value: { source, filename, language: "javascript", type: type === "json" ? "json" : "module" } };
  } catch (error) {
    return { error };
  }
}

/** Runs a chunk to its end; prints go out as they come. `fuel`: held after each so many units. */
function runChunk(session, source, filename, print, fuel = 0, { module = false, resolveModule } = {}) {
  const limits = fuel === 0 ? {} : { fuel };
  let state = session.start(source, { filename, language: "javascript", limits, type: module ? "module" : "script" });
  while (state.status !== "complete") {
    if (fuel !== 0) state = carried(state);
    if (state.status === "paused") {
      state = state.resume();
      continue;
    }
    const imports = state.calls.filter(({ kind }) => kind === "module");
    if (imports.length > 0) {
      state = state.resumeCalls(new Map(imports.map((call) => [call.id, moduleFor(call, resolveModule)])));
      continue;
    }
    const call = state.calls[0];
    if (call.name === "__write") print(call.args[0]);
    const answer = call.name === "__script" ? scripts.take(call.args[0]) : { value: undefined };
    state = state.resumeCalls(new Map([[call.id, answer]]));
  }
}

const bases = new Map();

function baseFor(harness) {
  const known = bases.get(harness.key);
  if (known !== undefined) return known;
  if (bases.size >= 40) {
    const [oldest] = bases.keys();
    bases.get(oldest).dispose();
    bases.delete(oldest);
  }
  const session = runtime.session({
    limits: LIMITS,
    language: "javascript",
    externals: { __write: "sync", __script: "sync" },
    allowEval: true,
  });
  runChunk(session, HOST, "host.js", () => {});
  for (const { name: file, source } of harness.files) runChunk(session, source, `harness/${file}`, () => {});
  bases.set(harness.key, session);
  return session;
}

export function reset() {
  bases.clear();
}

/** Is that an error of loading and linking? Those stand at one place, that of the import or of what does not parse. */
function isOfResolution({ guestName, guestStack }) {
  return guestName === "SyntaxError" && guestStack.split("\n    at ").length === 2;
}

/** Tests leave promises rejected or pending, and end with them: the language knows no such failure of a script. */
function isLeftPromise(error) {
  return (
    error instanceof errors.GuestError &&
    (error.unhandledRejection || error.guestMessage.startsWith("the program awaits a promise that nothing can settle"))
  );
}

function failure(error, isModule = false) {
  if (error instanceof errors.CompileError) {
    const unsupported = /not supported/.test(error.message);
    return {
      ok: false,
      name: "SyntaxError",
      message: error.message,
      phase: "parse",
      ...(unsupported ? { unsupported: true } : {}),
    };
  }
  if (error instanceof errors.GuestError)
    return {
      ok: false,
      name: error.guestName,
      message: error.guestMessage,
      phase: isModule && isOfResolution(error) ? "resolution" : "runtime",
    };
  if (error instanceof errors.LimitError)
    return { ok: false, name: "LimitError", message: error.message, phase: "runtime" };
  throw error;
}

export async function createContext({ print, harness }) {
  const session = baseFor(harness).fork();
  return {
    async evalScript(source, { filename, module, resolveModule }) {
      try {
        runChunk(session, source, filename, print, hold, { module, resolveModule });
        return { ok: true };
      } catch (error) {
        if (!module && isLeftPromise(error)) return { ok: true };
        return failure(error, module);
      }
    },
    async drain() {
      return "idle";
    },
    dispose() {
      session.dispose();
    },
  };
}
