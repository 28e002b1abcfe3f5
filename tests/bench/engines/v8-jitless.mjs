// V8 without its compilers (node --jitless): the best plain bytecode interpreter there is. The worker runs under that flag.
import vm from "node:vm";

export const name = "v8-jitless";
export const execArgv = ["--jitless"];

export async function create() {
  return {
    prepare(source, add) {
      // An indirect eval in the main realm: a new context would slow down every global access.
      const script = new vm.Script(`(function () { "use strict"; return eval(${JSON.stringify(source)}); })`);
      return () => {
        if (add !== undefined) globalThis.add = add;
        return script.runInThisContext()();
      };
    },
  };
}
