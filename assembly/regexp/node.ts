// Owns the nodes of a parsed regular expression, in the arena. Must never outlive the native that parsed it.
//
//   node  kind u32 · next u32 · previous u32 · a · b · c · d · e · f u32 · least u32 · first u32
//
// next and previous link the parts of a sequence and the branches of a disjunction. least: fewest code units that the node consumes.
// first: the characters it can begin with (regexp/first.ts), 0 until that is asked for.
import { take } from "./arena";

const NODE: usize = 44;
export const NODE_NEXT: usize = 4;
export const NODE_PREVIOUS: usize = 8;
export const NODE_A: usize = 12;
export const NODE_B: usize = 16;
export const NODE_C: usize = 20;
export const NODE_D: usize = 24;
export const NODE_E: usize = 28;
export const NODE_F: usize = 32;
const NODE_LEAST: usize = 36;
export const NODE_FIRST: usize = 40;

export const enum NodeKind {
  /** Matches the empty string. */
  EMPTY = 0,
  /** a: code point */
  CHAR = 1,
  /** a: set */
  CLASS = 2,
  /** Any character but line terminators. */
  DOT = 3,
  /** a: first part, b: last part */
  SEQUENCE = 4,
  /** a: first branch, b: last branch */
  CHOICE = 5,
  /** a: body, b: number of the group */
  GROUP = 6,
  /** a: body, b: 1 negative | 2 lookbehind, c: first group inside, d: last group inside + 1 */
  LOOK = 7,
  /** a: body, b: least, c: most times (INFINITE), d: lazy, e: first group inside, f: last group inside + 1 */
  LOOP = 8,
  /** a: number of the group, or b: name {at, units}; c: case does not count */
  BACKREFERENCE = 9,
  /** a: multiline */
  START = 10,
  /** a: multiline */
  END = 11,
  /** a: negated, b: ſ and K are word characters */
  BOUNDARY = 12,
}

export const INFINITE: u32 = 0xffffffff;

export function newNode(kind: NodeKind, a: u32, b: u32, least: u32): usize {
  const node = take(NODE);
  memory.fill(node, 0, NODE);
  store<u32>(node, <u32>kind);
  store<u32>(node, a, NODE_A);
  store<u32>(node, b, NODE_B);
  store<u32>(node, least, NODE_LEAST);
  return node;
}
// @ts-ignore: decorator
@inline
export function kindOfNode(node: usize): u32 {
  return load<u32>(node);
}
// @ts-ignore: decorator
@inline
export function leastOf(node: usize): u32 {
  return load<u32>(node, NODE_LEAST);
}

/** a + b, at most the largest number that fits. */
function addLengths(a: u32, b: u32): u32 {
  const sum = <u64>a + <u64>b;
  return sum > 0x7fffffff ? 0x7fffffff : <u32>sum;
}

/** Appends a part to a sequence or disjunction. */
export function appendNode(list: usize, node: usize): void {
  const last = <usize>load<u32>(list, NODE_B);
  store<u32>(node, <u32>last, NODE_PREVIOUS);
  store<u32>(node, 0, NODE_NEXT);
  if (last == 0) store<u32>(list, <u32>node, NODE_A);
  else store<u32>(last, <u32>node, NODE_NEXT);
  store<u32>(list, <u32>node, NODE_B);
  const least = leastOf(node);
  if (kindOfNode(list) == NodeKind.SEQUENCE) store<u32>(list, addLengths(leastOf(list), least), NODE_LEAST);
  else store<u32>(list, last == 0 ? least : min<u32>(leastOf(list), least), NODE_LEAST);
}
