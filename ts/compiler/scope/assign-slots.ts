// Owns passes 2 and 3 of scope analysis: gives every captured binding a slot in the environment of its scope, and every
// other one a register. Must never look at the tree beyond parameter lists, nor change the results of pass 1.
//
// Registers: r0 callee, r1 this, r2… parameters, then the locals. Scopes that do not overlap share registers:
// the registers of a scope begin where those of its parent in the same function end. A function with more variables than
// registers keeps the others in environments, as if they were captured.
import type { ESTree } from "meriyah";
import type { Binding, FunctionInfo, Scope } from "./model.ts";

/** The most registers that parameters may take. */
const MAX_PARAMETER_REGISTERS = 2048;
/** The most registers that parameters and variables may take; the others are for temporaries. */
const MAX_VARIABLE_REGISTERS = 4096;

/** Gives a place to each binding of these functions, which come in the order in which pass 1 met them: outer before inner. */
export function assignSlots(functions: readonly FunctionInfo[]): void {
  for (const info of functions) assignFunction(info);
}

/** Parameters of a function; those of a program or of a synthetic function are not in its node. */
function parameterNodes(info: FunctionInfo): readonly ESTree.Node[] {
  const node = info.node;
  if (info.kind === "program" || info.kind === "fields" || info.kind === "statics" || !("params" in node)) return [];
  return node.params;
}

/**
 * Registers of one function: callee, this, parameters; coroutine, which must be the first register after the parameters (the verifier
 * relies on it, `owner` in ts/defs/opcodes.ts); completion value; then scope after scope.
 */
function assignFunction(info: FunctionInfo): void {
  const params = parameterNodes(info);
  const rest = params.length > 0 && params[params.length - 1]!.type === "RestElement";
  info.parameterCount = Math.min(rest ? params.length - 1 : params.length, MAX_PARAMETER_REGISTERS);
  let next = 2 + info.parameterCount;

  info.mapsArguments = sharesParameters(info);
  if (info.mapsArguments)
    for (const binding of info.params.bindings) if (binding.kind === "param") binding.captured = true;

  if (info.async || info.generator || info.isModule) info.coroutineRegister = next++;
  if (info.kind === "program") info.completionRegister = next++;

  for (const scope of info.scopes) {
    const parent = scope.parent;
    next = parent !== null && parent.func === info ? parent.registerEnd : next;
    next = assignScope(scope, next);
    scope.registerEnd = next;
    if (next > info.localsEnd) info.localsEnd = next;
  }
  if (2 + info.parameterCount > info.localsEnd) info.localsEnd = 2 + info.parameterCount;
}

/**
 * True if the program could notice that the arguments object and the parameters share their values: a parameter is assigned, or
 * `arguments` is used for more than reading its length or an element.
 */
function sharesParameters(info: FunctionInfo): boolean {
  if (info.strict || !info.simpleParameters || info.argumentsBinding === null || info.parameterCount === 0)
    return false;
  return info.params.hasEval || info.assignsParameters || info.argumentsUses > info.argumentsReads;
}

/** True if the caller puts the value into its register. */
function hasFixedRegister({ kind, argument }: Binding, parameterCount: number): boolean {
  if (kind === "param") return argument >= 0 && argument < parameterCount;
  return kind === "fname" || kind === "callee" || kind === "this";
}

/**
 * Places the bindings of one scope from the register `first` on. Returns the first register that is free after it. The register of its
 * environment comes last, because whether it has one is known only then.
 */
function assignScope(scope: Scope, first: number): number {
  let next = first;
  const { mapsArguments, parameterCount } = scope.func;
  const isShared = mapsArguments && scope.kind === "params";
  let slots = isShared ? parameterCount : 0;
  for (const binding of scope.bindings) {
    if (binding.cell >= 0) continue;
    if (next >= MAX_VARIABLE_REGISTERS && !hasFixedRegister(binding, parameterCount)) binding.captured = true;
    if (binding.captured) {
      binding.slot = isShared && binding.kind === "param" ? binding.argument : slots++;
      continue;
    }
    switch (binding.kind) {
      case "fname":
      case "callee":
        binding.register = 0;
        break;
      case "this":
        binding.register = 1;
        break;
      case "param":
        // Plain parameters live where the caller puts them.
        binding.register = hasFixedRegister(binding, parameterCount) ? 2 + binding.argument : next++;
        break;
      default:
        binding.register = next++;
    }
  }
  scope.envSize = slots;
  if (slots > 0) scope.envRegister = next++;
  return next;
}
