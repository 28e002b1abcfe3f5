// Owns the imports and exports of a module: requests, entries, and the cells through which modules share bindings. Must never
// resolve a name: that happens when modules are linked (ts/prelude/module.js).
// https://tc39.es/ecma262/#sec-source-text-module-records
//
// A binding that modules share lives in a cell: an environment of one slot. The environment that the module's
// code closes over has one slot for each cell; linking puts the exporter's cell into the importer's slot. So both sides see
// every change, and the hole in a cell is the temporal dead zone.
//
//   m.js  export let n        cells [ ─┐ ]                    GETUP t, depth, cell; SETENV v, t, 0        n = v
//                                      ├─▶ cell: value of n
//   a.js  import { n }        cells [ ─┘ ]                    GETUP t, depth, cell; GETENV v, t, 0; CHECKTDZ v, "n"
//
// Copying a value at each change would need a list of importers instead, in snapshots too.
import type { ESTree } from "meriyah";
import { boundNames } from "./hoist.ts";
import { Scope, type Binding, type FunctionInfo } from "./model.ts";

type Node = ESTree.Node;

/** A requested module: specifier and attributes. */
export interface ModuleRequest {
  readonly specifier: string;
  /** The attribute `type`, "" if it is absent; "!" and a name if there is an attribute that is not known. */
  readonly type: string;
  readonly offset: number;
}

/** One imported name: https://tc39.es/ecma262/#importentry-record. `cell`: where linking puts the exporter's cell. */
export interface ImportEntry {
  readonly request: number;
  /** null: the namespace object. */
  readonly imported: string | null;
  readonly local: string;
  readonly cell: number;
  readonly offset: number;
}

/** A name exported from another module, without a binding here: `export { a as b } from "m"`, or an import that is exported again. */
export interface IndirectExport {
  readonly exported: string;
  readonly request: number;
  /** null: the namespace object. */
  readonly imported: string | null;
  readonly offset: number;
}

/** Name of the binding of an `export default` without a name of its own. */
export const DEFAULT_NAME = "*default*";

/** What linking must know of a module, and the cells that its code uses. */
export class ModuleInfo {
  readonly requests: ModuleRequest[] = [];
  readonly imports: ImportEntry[] = [];
  readonly localExports: { readonly exported: string; readonly cell: number }[] = [];
  readonly indirectExports: IndirectExport[] = [];
  /** Requests of `export *`. */
  readonly starExports: number[] = [];
  /** By local name. */
  readonly cells = new Map<string, number>();
  /** Cell of import.meta; -1: it is not used. */
  metaCell = -1;
  /** Cell that receives the completion value; -1: there is no completion value. */
  completionCell = -1;
  /** The environment of the cells. */
  readonly scope: Scope;
  private readonly requestOf = new Map<string, number>();

  constructor(shell: FunctionInfo) {
    this.scope = new Scope("module", shell, null);
  }

  /** Makes a cell and returns its number, its slot in the environment of cells. */
  newCell(): number {
    return this.scope.envSize++;
  }

  /** The cell of a local name, made at its first mention. */
  cellOf(local: string): number {
    let cell = this.cells.get(local);
    if (cell === undefined) this.cells.set(local, (cell = this.newCell()));
    return cell;
  }

  /**
   * The index of a requested module: one for each pair of specifier and attributes, in the order of the source. Attributes other than
   * `type` are marked, and refused when the module is linked.
   */
  request(source: Node, attributes: readonly ESTree.ImportAttribute[]): number {
    const specifier = textOf(source);
    let type = "";
    for (const { key, value } of attributes) {
      const name = nameOf(key);
      if (name !== "type") type = `!${name}`;
      else if (type === "") type = textOf(value);
    }
    const id = `${type}\0${specifier}`;
    let index = this.requestOf.get(id);
    if (index === undefined) {
      index = this.requests.push({ specifier, type, offset: source.start! }) - 1;
      this.requestOf.set(id, index);
    }
    return index;
  }
}

/** The text of a string literal. */
function textOf(node: Node): string {
  return String((node as ESTree.Literal).value);
}

/** The name in an import or export specifier, which may be a string: `export { a as "any text" }`. */
function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.name : textOf(node);
}

/** Statements that have no completion value. */
const SILENT = /^(?:Import|Export|Function|Class|Variable|Empty)/;

/**
 * Reads the import and export declarations of a module: https://tc39.es/ecma262/#sec-static-semantics-importentries,
 * https://tc39.es/ecma262/#sec-static-semantics-exportentries. `shell`: a function around the module, which owns the cells.
 */
export function collectModule(statements: readonly Node[], shell: FunctionInfo): ModuleInfo {
  const module = new ModuleInfo(shell);
  const imported = new Map<string, ImportEntry>();
  for (const statement of statements) {
    // Requests are in the order of the source, for imports and exports alike.
    if (statement.type === "ImportDeclaration") importsOf(module, statement, imported);
    else if (
      statement.type === "ExportAllDeclaration" ||
      (statement.type === "ExportNamedDeclaration" && statement.source)
    )
      module.request(statement.source!, statement.attributes);
  }
  for (const statement of statements) exportsOf(module, statement, imported);
  if (statements.some(({ type }) => !SILENT.test(type))) module.completionCell = module.newCell();
  return module;
}

/** Notes the names of an import declaration, also in `imported`, by which exports find them. */
function importsOf(module: ModuleInfo, node: ESTree.ImportDeclaration, imported: Map<string, ImportEntry>): void {
  const request = module.request(node.source, node.attributes);
  for (const specifier of node.specifiers as ESTree.ImportClause[]) {
    const local = specifier.local.name;
    const entry: ImportEntry = {
      request,
      imported:
        specifier.type === "ImportSpecifier"
          ? nameOf(specifier.imported)
          : specifier.type === "ImportDefaultSpecifier"
            ? "default"
            : null,
      local,
      cell: module.cellOf(local),
      offset: specifier.start!,
    };
    module.imports.push(entry);
    imported.set(local, entry);
  }
}

/** Notes the names that a statement exports. */
function exportsOf(module: ModuleInfo, node: Node, imported: ReadonlyMap<string, ImportEntry>): void {
  const local = (exported: string, name: string): void =>
    void module.localExports.push({ exported, cell: module.cellOf(name) });
  switch (node.type) {
    case "ExportAllDeclaration": {
      const request = module.request(node.source, node.attributes);
      if (node.exported === null) module.starExports.push(request);
      else
        module.indirectExports.push({ exported: nameOf(node.exported), request, imported: null, offset: node.start! });
      break;
    }
    case "ExportDefaultDeclaration": {
      const { declaration } = node;
      const named = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
      local("default", named && declaration.id ? declaration.id.name : DEFAULT_NAME);
      break;
    }
    case "ExportNamedDeclaration":
      if (node.declaration) {
        for (const name of declaredNames(node.declaration)) local(name, name);
      } else if (node.source) {
        const request = module.request(node.source, node.attributes);
        for (const { local: from, exported, start } of node.specifiers) {
          module.indirectExports.push({ exported: nameOf(exported), request, imported: nameOf(from), offset: start! });
        }
      } else {
        for (const { local: from, exported, start } of node.specifiers) {
          const entry = imported.get(nameOf(from));
          // An import that is exported again is looked up in the module it comes from, even if it is a namespace object.
          if (entry === undefined) local(nameOf(exported), nameOf(from));
          else {
            const { request, imported: name } = entry;
            module.indirectExports.push({ exported: nameOf(exported), request, imported: name, offset: start! });
          }
        }
      }
      break;
    default:
  }
}

/** The names of an exported declaration. */
function declaredNames(node: Node): string[] {
  const names: string[] = [];
  if (node.type === "VariableDeclaration") {
    for (const { id } of node.declarations) boundNames(id, ({ name }) => names.push(name));
  } else if ((node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id) {
    names.push(node.id.name);
  }
  return names;
}

/** Kinds of module in a descriptor: whether its evaluation awaits, or gives the value of a JSON text. */
export const MODULE_KIND = { SYNC: 0, ASYNC: 1, JSON: 2 } as const;

/** A descriptor, or a value in one. */
export type Descriptor = number | string | null | readonly Descriptor[];

/**
 * The description of a module that the linker in the prelude reads (ts/prelude/module.js): flat lists, since function 0 makes them with
 * NEWARR and ARRPUSH. `toSource` maps offsets.
 *
 *   [kind, [specifier, type, offset, …], [request, imported, cell, offset, …], [exported, cell, …],
 *    [exported, request, imported, offset, …], [request of export *, …], number of cells, cell of import.meta, cell of the result]
 */
export function describeModule(module: ModuleInfo, isAsync: boolean, toSource: (offset: number) => number): Descriptor {
  return [
    isAsync ? MODULE_KIND.ASYNC : MODULE_KIND.SYNC,
    module.requests.flatMap(({ specifier, type, offset }) => [specifier, type, toSource(offset)]),
    module.imports.flatMap(({ request, imported, cell, offset }) => [request, imported, cell, toSource(offset)]),
    module.localExports.flatMap(({ exported, cell }) => [exported, cell]),
    module.indirectExports.flatMap(({ exported, request, imported, offset }) => [
      exported,
      request,
      imported,
      toSource(offset),
    ]),
    module.starExports,
    module.scope.envSize,
    module.metaCell,
    module.completionCell,
  ];
}

/** Places a binding in a cell. `captured` makes every use go through the environment of cells, even in the module's own code. */
export function placeInCell(binding: Binding, cell: number): void {
  binding.cell = cell;
  binding.captured = true;
}
