// Owns what a user reads when the wasm is not where the package looks for it.

/** What helps when a bundler has moved the JavaScript without the wasm. */
const BUNDLED = `If a bundler made this file, import from "fermata-vm/inline", which has the wasm inside, or copy fermata-vm/fermata.wasm and pass it: createRuntime({ module })`;
/** What helps in the development server of Vite 6 and 7. */
const PREBUNDLED = `Vite has moved the package: add optimizeDeps: { exclude: ["fermata-vm"] } to its configuration, or import from "fermata-vm/inline"`;

/**
 * The error of a host that has not found the wasm where the package lies: a bundler has moved one without the other.
 *
 * @param where what was looked for, and what came of it
 */
export function wasmNotFound(where: string, cause?: unknown): Error {
  const help = where.includes("/.vite/deps/") ? PREBUNDLED : BUNDLED;
  return new Error(`cannot load fermata.wasm: ${where}. ${help}`, { cause });
}
