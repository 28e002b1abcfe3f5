// Owns the names of the groups of a pattern that is being parsed. Must never search all of them for one: a pattern can have 32,767 of
// them, and as many references to each.
//
// The names are in a crit-bit tree (https://cr.yp.to/critbit.html): a look-up takes at most as many steps as the name has bits, whatever
// names the guest has chosen. Inner nodes are {bit, without it, with it}, and their addresses are odd; a leaf is {name, newest group of
// it, how many}.
import { take } from "./arena";
import { sameText } from "./escape";
import { BRANCH, NAME_TREE, NAMES, work, wrong } from "./source";

/** Bits of a unit of a name. A unit is stored plus one; the units past the end are 0. */
const UNIT_BITS: u32 = 17;

function unitOf(name: usize, i: u32): u32 {
  return i < load<u32>(name, 4) ? <u32>load<u16>(<usize>load<u32>(name) + (<usize>i << 1)) + 1 : 0;
}

/** The slot of an inner node (an odd address) that leads to a name. */
function slotOf(inner: usize, name: usize): usize {
  const bit = load<u32>(inner - 1);
  const unit = unitOf(name, bit / UNIT_BITS);
  return inner + (((unit >> (UNIT_BITS - 1 - (bit % UNIT_BITS))) & 1) != 0 ? 7 : 3);
}

/** The only leaf that can hold the name; 0: there are no names. */
function nearest(name: usize): usize {
  let at = <usize>load<u32>(NAME_TREE);
  while (at & 1) {
    work(1);
    at = <usize>load<u32>(slotOf(at, name));
  }
  return at;
}

/** Number of the first bit in which two names differ. */
function firstDifference(a: usize, b: usize): u32 {
  let i: u32 = 0;
  while (unitOf(a, i) == unitOf(b, i)) i++;
  return i * UNIT_BITS + UNIT_BITS - 32 + clz<u32>(unitOf(a, i) ^ unitOf(b, i));
}

/** The leaf of a name; makes it if it is not in the tree yet. */
function leafOf(name: usize): usize {
  const near = nearest(name);
  if (near != 0 && sameText(<usize>load<u32>(near), name)) return near;
  const leaf = take(12);
  store<u32>(leaf, <u32>name);
  store<u32>(leaf, 0, 4);
  store<u32>(leaf, 0, 8);
  if (near == 0) {
    store<u32>(NAME_TREE, <u32>leaf);
    return leaf;
  }
  const bit = firstDifference(<usize>load<u32>(near), name);
  let slot = NAME_TREE;
  while ((load<u32>(slot) & 1) != 0 && load<u32>(<usize>load<u32>(slot) - 1) < bit) slot = slotOf(<usize>load<u32>(slot), name);
  const inner = take(12);
  store<u32>(inner, bit);
  const mine = slotOf(inner | 1, name);
  store<u32>(mine, <u32>leaf);
  store<u32>(mine == inner + 4 ? inner + 8 : inner + 4, load<u32>(slot));
  store<u32>(slot, <u32>inner | 1);
  return leaf;
}

/**
 * False if two groups of one name could both take part in a match, because they are not in different alternatives of a disjunction.
 * Branches carry the numbers of their disjunctions, which rise on the way in.
 */
function mayShareName(a: usize, b: usize): bool {
  let x = a;
  let y = b;
  while (x != 0 && y != 0) {
    work(1);
    const inX = load<u32>(x, 4);
    const inY = load<u32>(y, 4);
    if (inX == inY) return load<u32>(x, 8) != load<u32>(y, 8);
    if (inX > inY) x = <usize>load<u32>(x);
    else y = <usize>load<u32>(y);
  }
  return false;
}

/** Notes a group of that name. Comparing it with the newest earlier one is enough: that is the nearest, and fits the older ones. */
export function addName(name: usize, group: u32): void {
  const branch = load<u32>(BRANCH);
  const leaf = leafOf(name);
  const before = <usize>load<u32>(leaf, 4);
  if (before != 0 && !mayShareName(<usize>load<u32>(before, 12), <usize>branch)) wrong("Duplicate capture group name");
  const entry = take(20);
  store<u32>(entry, load<u32>(NAMES));
  store<u32>(entry, <u32>name, 4);
  store<u32>(entry, group, 8);
  store<u32>(entry, branch, 12);
  store<u32>(entry, <u32>before, 16);
  store<u32>(NAMES, <u32>entry);
  store<u32>(leaf, <u32>entry, 4);
  store<u32>(leaf, load<u32>(leaf, 8) + 1, 8);
}

/** How many groups have a name. */
export function groupsOfName(name: usize): u32 {
  const leaf = nearest(name);
  return leaf != 0 && sameText(<usize>load<u32>(leaf), name) ? load<u32>(leaf, 8) : 0;
}

/** The newest group of a name that there is; `nextOfName` has the one before, 0 ends. */
export function newestOfName(name: usize): usize {
  return <usize>load<u32>(nearest(name), 4);
}
export function nextOfName(entry: usize): usize {
  return <usize>load<u32>(entry, 16);
}
