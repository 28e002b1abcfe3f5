// Owns the numbering of template objects: they are made when a program is linked, and are the same objects ever after. Two for
// each template of each program of the guest, in order: the template object and its `raw`.
import { addressOf } from "../core/value";
import { POINTERS_COUNT, POINTERS_SIZE, PROGRAM_TEMPLATES } from "../generated/kinds";
import { VM_PROGRAMS } from "../generated/layout";
import { slotAddress } from "../objects/object";

function templatesOf(program: usize): u32 {
  const list = <usize>load<u32>(program, PROGRAM_TEMPLATES);
  return list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
}

function programAt(i: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(VM_PROGRAMS) + POINTERS_SIZE + (<usize>i << 2));
}

function programCount(): u32 {
  const list = <usize>load<u32>(VM_PROGRAMS);
  return list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
}

export function templateCount(): u32 {
  let n: u32 = 0;
  const count = programCount();
  for (let i: u32 = 0; i < count; i++) n += templatesOf(programAt(i));
  return n << 1;
}

export function templateAt(index: u32): usize {
  let n = index >> 1;
  let i: u32 = 0;
  while (n >= templatesOf(programAt(i))) {
    n -= templatesOf(programAt(i));
    i++;
  }
  const cooked = <usize>load<u32>(<usize>load<u32>(programAt(i), PROGRAM_TEMPLATES) + POINTERS_SIZE + (<usize>n << 2));
  return index & 1 ? addressOf(load<u64>(slotAddress(cooked, 0))) : cooked;
}
