// Owns the text form of a finished scope analysis, for goldens and human readers. Must never change the model. A sample is at the head
// of analysis.ts: functions and scopes nest as in the source; each binding has its kind, name and place.

import type { Analysis } from "./analysis.ts";
import type { Binding, FunctionInfo, Scope } from "./model.ts";

/**
 * The text of an analysis whose slots are assigned.
 *
 *   function f @12 [strict, this]          kind, name, source offset, marks
 *     params env(1) in r5                  a scope with an environment of one slot, which is in r5
 *       param a: r2 (assigned ×2)
 */
export function printScopes(analysis: Analysis): string {
  const lines: string[] = [];
  const byScope = new Map<Scope | null, FunctionInfo[]>();
  for (const info of analysis.functions) {
    const parent = info.params.parent;
    byScope.set(parent, [...(byScope.get(parent) ?? []), info]);
  }

  // Where the binding is at run time.
  const place = (b: Binding): string => {
    if (b.cell >= 0) return `cell ${b.cell}`;
    if (b.captured) return `slot ${b.slot}`;
    return `r${b.register}`;
  };

  const printFunction = (info: FunctionInfo, indent: string): void => {
    const node = info.node;
    const name = "id" in node && node.id ? ` ${node.id.name}` : "";
    const marks = [
      info.strict ? "strict" : "",
      info.async ? "async" : "",
      info.generator ? "generator" : "",
      info.usesThis ? "this" : "",
      info.usesSuper ? "super" : "",
      info.coroutineRegister >= 0 ? `coroutine r${info.coroutineRegister}` : "",
      info.completionRegister >= 0 ? `completion r${info.completionRegister}` : "",
    ].filter((m) => m !== "");
    lines.push(`${indent}${info.kind}${name} @${node.start ?? 0}${marks.length > 0 ? ` [${marks.join(", ")}]` : ""}`);
    for (const scope of info.scopes) {
      if (scope.parent === null || scope.parent.func !== info) printScope(scope, info, `${indent}  `);
    }
  };

  const printScope = (scope: Scope, info: FunctionInfo, indent: string): void => {
    const env = scope.envSize > 0 ? ` env(${scope.envSize}) in r${scope.envRegister}` : "";
    lines.push(`${indent}${scope.kind}${env}`);
    for (const b of scope.bindings) {
      const marks = [
        b.needsHole ? "starts as hole" : "",
        b.writes !== null ? `assigned ×${b.writes.length}` : "",
      ].filter((m) => m !== "");
      lines.push(`${indent}  ${b.kind} ${b.name}: ${place(b)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`);
    }
    // Inner functions follow the scopes of this one, under the scope that they close over.
    for (const child of info.scopes) if (child.parent === scope) printScope(child, info, `${indent}  `);
    for (const inner of byScope.get(scope) ?? []) printFunction(inner, `${indent}  `);
  };

  printFunction(analysis.program, "");
  if (analysis.globalLexicals.length > 0) {
    lines.push(
      `global lexicals: ${analysis.globalLexicals.map((l) => (l.isConst ? `const ${l.name}` : l.name)).join(", ")}`,
    );
  }
  if (analysis.globalFunctions.length > 0)
    lines.push(`global functions: ${analysis.globalFunctions.map((f) => f.id!.name).join(", ")}`);
  if (analysis.globalVars.length > 0) lines.push(`global variables: ${analysis.globalVars.join(", ")}`);
  return `${lines.join("\n")}\n`;
}
