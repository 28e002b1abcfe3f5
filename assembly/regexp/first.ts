// Owns the sets of characters with which parts of a pattern can begin. They say where a search may skip, and which loops need never
// give back what they took. Must only ever err by saying that more is possible.
//
//   first   bits of the characters below 256 (32 bytes) · others u32 · FIRST_… u32
import { take } from "./arena";
import { kindOfNode, leastOf, NODE_A, NODE_B, NODE_FIRST, NODE_NEXT, NodeKind } from "./node";
import { countOf, pointOf } from "./set";
import { work } from "./source";

const FIRST_BYTES: usize = 40;
export const FIRST_OTHERS: usize = 32;
const FIRST_BITS: usize = 36;
/** It can match without consuming anything. */
const MAY_BE_EMPTY: u32 = 1;
/** It looks at the surrounding text before it consumes anything. */
const LOOKS_AROUND: u32 = 2;

export function newFirst(bits: u32): usize {
  const first = take(FIRST_BYTES);
  memory.fill(first, 0, FIRST_BYTES);
  store<u32>(first, bits, FIRST_BITS);
  return first;
}

function everything(first: usize): void {
  memory.fill(first, 255, 32);
  store<u32>(first, 1, FIRST_OTHERS);
}

function addCharacter(first: usize, c: u32): void {
  if (c > 255) store<u32>(first, 1, FIRST_OTHERS);
  else store<u8>(first + <usize>(c >> 3), load<u8>(first + <usize>(c >> 3)) | <u8>((<u32>1) << (c & 7)));
}

/** Sets the bits of the code points below 256; returns whether there are others. */
export function bitsOfSet(set: usize, bits: usize): bool {
  const n = countOf(set);
  for (let i: u32 = 0; i < n; i += 2) {
    const end = min<u32>(pointOf(set, i + 1), 256);
    for (let c = pointOf(set, i); c < end; c++) store<u8>(bits + <usize>(c >> 3), load<u8>(bits + <usize>(c >> 3)) | <u8>((<u32>1) << (c & 7)));
  }
  return n > 0 && pointOf(set, n - 1) > 256;
}

function addFirst(to: usize, from: usize): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(to + i, load<u64>(to + i) | load<u64>(from + i));
  store<u32>(to, load<u32>(to, FIRST_OTHERS) | load<u32>(from, FIRST_OTHERS), FIRST_OTHERS);
}
// @ts-ignore: decorator
@inline
function bitsOf(first: usize): u32 {
  return load<u32>(first, FIRST_BITS);
}
export function mayBeEmpty(first: usize): bool {
  return (bitsOf(first) & MAY_BE_EMPTY) != 0;
}
function addBits(first: usize, bits: u32): void {
  store<u32>(first, bitsOf(first) | bits, FIRST_BITS);
}

/** The first of the parts from `node` on, followed by `follow`. 0: it can begin with anything, as after many parts that may be empty. */
export function firstOfRest(node: usize, follow: usize): usize {
  const first = newFirst(0);
  let parts = 0;
  for (let part = node; part != 0; part = <usize>load<u32>(part, NODE_NEXT)) {
    const own = firstOf(part);
    addFirst(first, own);
    addBits(first, bitsOf(own) & LOOKS_AROUND);
    if (!mayBeEmpty(own)) return first;
    if (++parts > 16) return 0;
  }
  if (follow == 0) return 0;
  addFirst(first, follow);
  addBits(first, bitsOf(follow));
  return first;
}

/** The first of the text after a repeated body: of the body again, or of `follow`, which comes after the loop. 0: anything. */
export function firstAround(body: usize, follow: usize): usize {
  if (follow == 0) return 0;
  const first = newFirst(bitsOf(follow));
  addFirst(first, firstOf(body));
  addBits(first, bitsOf(firstOf(body)) & LOOKS_AROUND);
  addFirst(first, follow);
  return first;
}

function compute(node: usize, first: usize): void {
  const inside = <usize>load<u32>(node, NODE_A);
  switch (kindOfNode(node)) {
    case NodeKind.EMPTY: addBits(first, MAY_BE_EMPTY); return;
    case NodeKind.CHAR: addCharacter(first, <u32>inside); return;
    case NodeKind.CLASS:
      if (bitsOfSet(inside, first)) store<u32>(first, 1, FIRST_OTHERS);
      return;
    case NodeKind.DOT:
      everything(first);
      store<u8>(first + 1, 0xdb);
      return;
    case NodeKind.SEQUENCE: {
      for (let part = inside; part != 0; part = <usize>load<u32>(part, NODE_NEXT)) {
        const own = firstOf(part);
        addFirst(first, own);
        addBits(first, bitsOf(own) & LOOKS_AROUND);
        if (!mayBeEmpty(own)) return;
      }
      addBits(first, MAY_BE_EMPTY);
      return;
    }
    case NodeKind.CHOICE:
      for (let branch = inside; branch != 0; branch = <usize>load<u32>(branch, NODE_NEXT)) {
        addFirst(first, firstOf(branch));
        addBits(first, bitsOf(firstOf(branch)));
      }
      return;
    case NodeKind.GROUP:
      addFirst(first, firstOf(inside));
      addBits(first, bitsOf(firstOf(inside)));
      return;
    case NodeKind.LOOP:
      addFirst(first, firstOf(inside));
      addBits(first, bitsOf(firstOf(inside)));
      if (load<u32>(node, NODE_B) == 0 || leastOf(node) == 0) addBits(first, MAY_BE_EMPTY);
      return;
    case NodeKind.END:
      // If a loop before the end gives something back, characters follow and the end cannot match there.
      addBits(first, MAY_BE_EMPTY);
      if (inside != 0) {
        addCharacter(first, 10);
        addCharacter(first, 13);
        addCharacter(first, 0x2028);
      }
      return;
    case NodeKind.BACKREFERENCE:
      everything(first);
      addBits(first, MAY_BE_EMPTY | LOOKS_AROUND);
      return;
    default: addBits(first, MAY_BE_EMPTY | LOOKS_AROUND);
  }
}

/** The first of the node. */
export function firstOf(node: usize): usize {
  const known = <usize>load<u32>(node, NODE_FIRST);
  if (known != 0) return known;
  const first = newFirst(0);
  store<u32>(node, <u32>first, NODE_FIRST);
  work(1);
  compute(node, first);
  return first;
}

/** True if a loop over `taken` need not give anything back, because that cannot help the part that follows. */
export function neverGivesBack(taken: usize, follow: usize): bool {
  if (follow == 0 || (bitsOf(follow) & LOOKS_AROUND) != 0) return false;
  for (let i: usize = 0; i < 32; i += 8) if ((load<u64>(taken + i) & load<u64>(follow + i)) != 0) return false;
  return (load<u32>(taken, FIRST_OTHERS) & load<u32>(follow, FIRST_OTHERS)) == 0;
}
