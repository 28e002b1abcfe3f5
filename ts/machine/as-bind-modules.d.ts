// Types the part of as-bind that is used; the package itself has no types.

declare module "as-bind/dist/as-bind.esm.js" {
  /** The module argument of a converter: as-bind's own instance class, or any object of the same shape. */
  export interface BoundModule {
    readonly exports: Record<string, unknown>;
    /** The exports as they are, for converters of our own. */
    readonly raw: WebAssembly.Exports;
    getTypeId(type: string): number;
  }
  export interface Converter {
    jsToAsc(module: BoundModule, value: unknown, type: string): unknown;
    ascToJs(module: BoundModule, value: unknown, type: string): unknown;
  }
  /** By exact type name, or by a pattern over type names. */
  export const converters: ReadonlyMap<string | RegExp, Converter>;
}
