// Owns the jump that follows a fused comparison. Must never decide the comparison.
import { Op } from "../generated/opcodes";
import { VM_PC } from "../generated/layout";

/** Target of the jump instruction at `jump` (JT, JF or LOOPT) if `truth` takes it, else the next instruction. */
export function branchTarget(jump: usize, truth: bool): usize {
  const op = <i32>load<u16>(jump);
  const taken = op == Op.JF ? !truth : truth;
  if (!taken) return jump + 8;
  return op == Op.LOOPT ? jump + (<isize>load<i16>(jump, 6) << 3) : jump + (<isize>load<i32>(jump, 4) << 3);
}

/** Takes the branch of a fused comparison (ending at returnPc) whose result guest code has computed. */
export function takeBranch(returnPc: usize, truth: bool): void {
  store<u32>(VM_PC, <u32>branchTarget(returnPc - 8, truth));
}
