// Owns the numbering of template objects: they are made when a program is linked, and stay the same objects ever after. There are two for
// each template of each guest program, in order: the template object and its `raw`. Must never walk the programs more than once for a
// snapshot: there may be very many.
//
//   number 0: template 0 of program 0 · 1: its raw · 2: template 1 · 3: its raw … then the templates of program 1 …
//
// https://tc39.es/ecma262/#sec-gettemplateobject: a template object is one for each site, so it must be the same object after a restore.
import { addressOf } from "../core/value";
import { POINTERS_COUNT, POINTERS_SIZE, PROGRAM_TEMPLATES } from "../generated/kinds";
import { VM_PROGRAMS } from "../generated/layout";
import { slotAddress } from "../objects/object";

const COUNT: usize = memory.data(4, 4);

function templatesOf(program: usize): usize {
  return <usize>load<u32>(program, PROGRAM_TEMPLATES);
}

function programAt(i: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(VM_PROGRAMS) + POINTERS_SIZE + (<usize>i << 2));
}

function programCount(): u32 {
  const list = <usize>load<u32>(VM_PROGRAMS);
  return list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
}

/** Counts the templates of the programs that the machine has now; templateCount returns that number until the next count. */
export function countTemplates(): u32 {
  let n: u32 = 0;
  const count = programCount();
  for (let i: u32 = 0; i < count; i++) {
    const list = templatesOf(programAt(i));
    if (list != 0) n += load<u32>(list, POINTERS_COUNT);
  }
  store<u32>(COUNT, n << 1);
  return n << 1;
}

// @ts-ignore: decorator
@inline
export function templateCount(): u32 {
  return load<u32>(COUNT);
}

/** Writes the addresses of all template objects, in order, to words that are `step` bytes apart. */
export function listTemplates(to: usize, step: usize): void {
  const count = programCount();
  let at = to;
  for (let i: u32 = 0; i < count; i++) {
    const list = templatesOf(programAt(i));
    const n: u32 = list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
    for (let j: u32 = 0; j < n; j++) {
      const cooked = <usize>load<u32>(list + POINTERS_SIZE + (<usize>j << 2));
      store<u32>(at, <u32>cooked);
      store<u32>(at + step, <u32>addressOf(load<u64>(slotAddress(cooked, 0))));
      at += step << 1;
    }
  }
}
