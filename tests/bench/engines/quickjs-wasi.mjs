// quickjs-wasi: a VM of its own wasm instance for every run.
import { QuickJS } from "quickjs-wasi";

export const name = "quickjs-wasi";

export async function create() {
  return {
    prepare(source, add) {
      return async () => {
        const vm = await QuickJS.create();
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
