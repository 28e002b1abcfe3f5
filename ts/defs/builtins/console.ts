// Owns the declaration of console. https://console.spec.whatwg.org/
import { alias, type BuiltinFile, CONFIGURABLE, ENUMERABLE, method, object, value, WRITABLE } from "./rows.ts";

const say = (key: string) => method("console", key, 0, "js", { attributes: WRITABLE | ENUMERABLE | CONFIGURABLE });

export const CONSOLE: BuiltinFile = {
  rows: [
    // https://console.spec.whatwg.org/#console-namespace: its prototype is an empty object of its own
    object("console.prototype"),
    object("console", { parent: "console.prototype" }),
    alias("globalThis", "console", "console"),
    say("log"), say("warn"), say("dir"), say("time"), say("timeEnd"), say("timeLog"), say("trace"), say("assert"), say("clear"), say("count"), say("countReset"),
    say("group"), say("groupCollapsed"), say("groupEnd"), say("table"), say("debug"), say("info"), say("dirxml"), say("error"),
    value("console", "[Symbol.toStringTag]", "console", CONFIGURABLE),
  ],
  natives: [
    "writeText", "consoleState", "setConsoleState", "clockNow", "stackText", "inspectKind", "wrapperKind", "wrapped", "promiseStatus", "promiseOutcome",
    "functionTraits", "isGuestFunction", "weakTarget", "functionText", "arraySize", "constructorName", "quoteText", "isPlainKey", "textWidth", "joinTexts", "indentLines", "padText", "dropLast",
  ],
};
