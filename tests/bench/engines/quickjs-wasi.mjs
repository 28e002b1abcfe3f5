// quickjs-wasi: a VM of its own wasm instance for every run, from one compiled module.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { QuickJS } from "quickjs-wasi";

export const name = "quickjs-wasi";

/** The compiled wasm of the package. */
export function compiledModule() {
  return new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm"))));
}

export async function create() {
  const wasm = compiledModule();
  return {
    prepare(source, add) {
      return async () => {
        const vm = await QuickJS.create({ wasm });
        if (add !== undefined) {
          const fn = vm.newFunction("add", (a, b) => vm.newNumber(add(a.toNumber(), b.toNumber())));
          vm.setProp(vm.global, "add", fn);
        }
        const value = vm.dump(vm.evalCode(source));
        vm.dispose();
        return value;
      };
    },
  };
}
