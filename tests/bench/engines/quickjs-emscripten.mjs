// quickjs-emscripten, release-sync variant: a fresh context for every run in one shared wasm instance.
import { getQuickJS } from "quickjs-emscripten";

export const name = "quickjs-emscripten";

export async function create() {
  const quickjs = await getQuickJS();
  return {
    prepare(source, add) {
      return () => {
        const context = quickjs.newContext();
        if (add !== undefined) {
          const fn = context.newFunction("add", (a, b) =>
            context.newNumber(add(context.getNumber(a), context.getNumber(b))),
          );
          context.setProp(context.global, "add", fn);
          fn.dispose();
        }
        const result = context.evalCode(source);
        if (result.error) throw new Error(JSON.stringify(context.dump(result.error)));
        const value = context.dump(result.value);
        result.value.dispose();
        context.dispose();
        return value;
      };
    },
  };
}
