// Types `import module from "….wasm"` as Workers see it. Never import one anywhere but in the workerd entry.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
