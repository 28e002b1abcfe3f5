// Owns the filling of SPARSE cells entry by entry: objects/elements.ts has that for its own use only.
//
//   SPARSE   fields │ capacity × {index u32, attributes u32, value u64} │ 2 · capacity × u32: number of an entry + 1, 0: free
//
// Entries keep the order in which they were added; the hashes, open addressing, are derived from them and never written.
import { mix32 } from "../core/hash";
import { HOLE, Value } from "../core/value";
import { Kind, SPARSE_CAPACITY, SPARSE_LIVE, SPARSE_SIZE, SPARSE_USED } from "../generated/kinds";
import { allocate } from "../heap/memory";

/** An empty table with room for `count` entries. */
export function newSparseFor(count: u32): usize {
  let capacity: u32 = 8;
  while (capacity < count) capacity <<= 1;
  const sparse = allocate(Kind.SPARSE, SPARSE_SIZE + (<usize>capacity << 4) + (<usize>capacity << 3));
  store<u32>(sparse, 0);
  store<u32>(sparse, 0, SPARSE_USED);
  store<u32>(sparse, capacity, SPARSE_CAPACITY);
  store<u64>(sparse, 0, SPARSE_LIVE);
  memory.fill(sparse + SPARSE_SIZE + (<usize>capacity << 4), 0, <usize>capacity << 3);
  return sparse;
}

/** Adds an entry, for which there must be room. False: the index is there already, or the value is a hole. */
export function appendSparse(sparse: usize, index: u32, attributes: u32, value: Value): bool {
  if (value == HOLE) return false;
  const capacity = load<u32>(sparse, SPARSE_CAPACITY);
  const mask = capacity * 2 - 1;
  const hashes = sparse + SPARSE_SIZE + (<usize>capacity << 4);
  let i = mix32(index) & mask;
  while (true) {
    const n = load<u32>(hashes + (<usize>i << 2));
    if (n == 0) break;
    if (load<u32>(sparse + SPARSE_SIZE + (<usize>(n - 1) << 4)) == index) return false;
    i = (i + 1) & mask;
  }
  const used = load<u32>(sparse, SPARSE_USED);
  const entry = sparse + SPARSE_SIZE + (<usize>used << 4);
  store<u32>(entry, index);
  store<u32>(entry, attributes, 4);
  store<u64>(entry, value, 8);
  store<u32>(hashes + (<usize>i << 2), used + 1);
  store<u32>(sparse, used + 1, SPARSE_USED);
  store<u32>(sparse, used + 1, SPARSE_LIVE);
  return true;
}
