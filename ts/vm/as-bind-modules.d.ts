// Types the part of as-bind that is used; the package itself types nothing.

declare module "as-bind/dist/as-bind.esm.js" {
  /** What a converter is given as the module: as-bind's own instance class, or anything that looks like it. */
  export interface BoundModule {
    readonly exports: Record<string, unknown>;
    getTypeId(type: string): number;
  }
  export interface Converter {
    jsToAsc(module: BoundModule, value: unknown, type: string): unknown;
    ascToJs(module: BoundModule, value: unknown, type: string): unknown;
  }
  /** By exact type name, or by a pattern over type names. */
  export const converters: ReadonlyMap<string | RegExp, Converter>;
}
