// Owns finding small bigints of equal value while a snapshot is written, so that each value is written once. A bigint has no identity, but
// its cell has: evaluated again, a literal is the cell of its program, and that is another one after loading. Were cells written as they
// are, the bytes would say whether a program has been held. Must never look into a large bigint.
//
//   table   u32 address of a cell each, 0: free; open addressing, at most half full
import { mix64, secretFactor } from "../core/hash";
import { UNCHARGED_BYTES } from "../generated/exchange";
import { BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE } from "../generated/kinds";
import { takeSpace } from "../heap/scratch";
import { sameBigInt } from "../primitives/convert";

const STATE: usize = memory.data(12, 8);
const TABLE: usize = STATE;
const MASK: usize = STATE + 4;
const USED: usize = STATE + 8;
const FIRST_SIZE: u32 = 64;

/** Begins a snapshot. */
export function openSmallBigInts(): void {
  store<u32>(TABLE, 0);
  store<u32>(MASK, 0);
  store<u32>(USED, 0);
}

/**
 * True if a bigint is compared without fuel. Comparing larger ones costs fuel unless they are one cell, so they must stay the cells they are;
 * the compiler sees to it that a large literal is a new cell each time.
 */
export function isSmallBigInt(cell: usize): bool {
  return load<u32>(cell, BIGINT_LENGTH) << 2 <= UNCHARGED_BYTES;
}

/** Hash with the machine's secret: only the time of the search depends on it, never its result. */
function hashOf(cell: usize): u32 {
  let h = mix64((<u64>secretFactor() << 32) | load<u32>(cell, BIGINT_SIGN));
  const end = cell + BIGINT_SIZE + (<usize>load<u32>(cell, BIGINT_LENGTH) << 2);
  for (let at = cell + BIGINT_SIZE; at < end; at += 4) h = mix64(h ^ <u64>load<u32>(at));
  return <u32>h;
}

/** The entry that holds a bigint of that value, or the free entry where it belongs. */
function entryOf(cell: usize): usize {
  const mask = load<u32>(MASK);
  let i = hashOf(cell);
  while (true) {
    const at = <usize>load<u32>(TABLE) + (<usize>(i & mask) << 2);
    const other = <usize>load<u32>(at);
    if (other == 0 || other == cell || sameBigInt(other, cell)) return at;
    i++;
  }
  return 0;
}

function grow(): void {
  const old = <usize>load<u32>(TABLE);
  const oldSize = old == 0 ? 0 : load<u32>(MASK) + 1;
  const size = old == 0 ? FIRST_SIZE : oldSize << 1;
  const table = takeSpace(<usize>size << 2);
  memory.fill(table, 0, <usize>size << 2);
  store<u32>(TABLE, <u32>table);
  store<u32>(MASK, size - 1);
  for (let at = old; at < old + (<usize>oldSize << 2); at += 4) {
    const cell = <usize>load<u32>(at);
    if (cell != 0) store<u32>(entryOf(cell), <u32>cell);
  }
}

/** The first small bigint of that value that this snapshot has asked for: `cell` itself if it is the first. */
export function firstEqual(cell: usize): usize {
  if (load<u32>(USED) << 1 >= load<u32>(MASK)) grow();
  const entry = entryOf(cell);
  if (load<u32>(entry) == 0) {
    store<u32>(entry, <u32>cell);
    store<u32>(USED, load<u32>(USED) + 1);
  }
  return <usize>load<u32>(entry);
}
