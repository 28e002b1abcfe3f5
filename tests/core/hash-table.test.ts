// The ordered hash tables of the core against Map, iterators that run meanwhile included.

import { beforeAll, describe, expect, it } from "vitest";
import { Differences, Random } from "./compile-numbers.ts";
import { compileStrings, type Strings } from "./compile-strings.ts";
import { cpuMs } from "../support/cpu-time.ts";

let s: Strings;

beforeAll(async () => {
  s = await compileStrings();
});

const INT = 0xffffffff00000000n;
const STRING = 0xfffffff900000000n;
const BIGINT = 0xfffffffb00000000n;
const UNDEFINED = 0xfffffff000000000n;
const NULL = 0xfffffff000000001n;
const TRUE = 0xfffffff000000003n;
const ABSENT = 0xfffffff000000014n;

const int = (n: number): bigint => INT | BigInt(n >>> 0);
const double = (d: number): bigint => new BigUint64Array(new Float64Array([d]).buffer)[0]!;

type Key = [value: bigint, id: string];

/** Keys of every type; those with the same id are the same key, whatever their bits. */
function makeKeys(): Key[] {
  const keys: Key[] = [
    [UNDEFINED, "undefined"],
    [NULL, "null"],
    [TRUE, "true"],
    [double(-0), "n0"],
    [double(0), "n0"],
    [double(NaN), "NaN"],
    [double(0.5), "n0.5"],
    [double(-1.5e300), "n-1.5e300"],
  ];
  for (let i = -20; i < 60; i++) keys.push([int(i), `n${i}`], [double(i), `n${i}`]);
  for (let i = 0; i < 60; i++) {
    keys.push([STRING | BigInt(s.make(`k${i}`)), `s${i}`], [STRING | BigInt(s.make(`k${i}`, true)), `s${i}`]);
    keys.push([s.value("objectValue", s.call("newObject")), `o${i}`]);
    keys.push([s.value("symbolValue", s.call("newSymbol", UNDEFINED, 0)), `y${i}`]);
    keys.push(
      [BIGINT | BigInt(s.call("newBigInt", 0, i, i & 1)), `b${i}`],
      [BIGINT | BigInt(s.call("newBigInt", 0, i, i & 1)), `b${i}`],
    );
  }
  return keys;
}

interface Cursor {
  table: number;
  index: number;
  host: Iterator<[string, number]>;
}

/** One step of a core iterator: the value of the next entry, or undefined. */
function step(map: number, cursor: Cursor): number | undefined {
  if (cursor.table === 0) cursor.table = s.call("tableOfMap", map);
  if (cursor.table === 0) return undefined;
  if (s.call("tableIsOld", cursor.table)) {
    s.call("tableAdvance", cursor.table, cursor.index);
    cursor.table = s.call("advanced");
    cursor.index = s.call("advancedIndex");
  }
  const at = s.call("tableNextEntry", cursor.table, cursor.index);
  if (at < 0) return undefined;
  cursor.index = at + 1;
  return Number(BigInt.asUintN(32, s.value("tableValue", cursor.table, at)));
}

describe("maps", () => {
  it.each([11, 12, 13, 14, 15, 16])("agree with Map under random work, seed %i", (seed) => {
    const random = new Random(seed);
    const keys = makeKeys();
    const map = s.call("newMap");
    const host = new Map<string, number>();
    let cursors: Cursor[] = [];
    const differences = new Differences();
    const span = seed % 2 === 0 ? keys.length : 40;
    for (let i = 0; i < 6000; i++) {
      const [key, id] = keys[random.below(span)]!;
      switch (random.below(12)) {
        case 0:
        case 1:
        case 2:
        case 3:
          differences.compare(s.call("mapSet", map, key, int(i)), 1, "set", i);
          host.set(id, i);
          break;
        case 4:
        case 5:
        case 6:
          differences.compare(s.call("mapDelete", map, key), Number(host.delete(id)), "delete", i);
          break;
        case 7:
          differences.compare(
            s.value("mapGet", map, key) === (host.has(id) ? int(host.get(id)!) : ABSENT),
            true,
            "get",
            i,
          );
          differences.compare(s.call("mapHas", map, key), Number(host.has(id)), "has", i);
          break;
        case 8:
          if (random.below(100) === 0) {
            s.call("mapClear", map);
            host.clear();
          }
          break;
        case 9:
          if (cursors.length < 8) cursors.push({ table: s.call("tableOfMap", map), index: 0, host: host.entries() });
          break;
        default: {
          if (cursors.length === 0) break;
          const cursor = cursors[random.below(cursors.length)]!;
          const next = cursor.host.next();
          differences.compare(step(map, cursor) ?? -1, next.done === true ? -1 : next.value[1], "step", i);
          if (next.done === true) cursors = cursors.filter((c) => c !== cursor);
        }
      }
      differences.compare(s.call("mapSize", map), host.size, "size", i);
    }
    expect(differences.list).toEqual([]);
    const cursor: Cursor = { table: 0, index: 0, host: host.entries() };
    for (const value of host.values()) expect(step(map, cursor)).toBe(value);
    expect(step(map, cursor)).toBe(undefined);
  });

  it("keeps one identity hash per object", () => {
    const object = s.call("newObject");
    const hash = s.call("identityHash", object);
    expect(hash).not.toBe(0);
    expect(s.call("identityHash", object)).toBe(hash);
    expect(s.call("identityHash", s.call("newObject"))).not.toBe(hash);
  });

  it("serves as a queue without walking over deleted entries", () => {
    const top = s.call("mark");
    const map = s.call("newMap");
    const count = 30_000;
    for (let i = 0; i < count; i++) s.call("mapSet", map, int(i), int(i));
    const started = cpuMs();
    for (let i = 0; i < count; i++) {
      const table = s.call("tableOfMap", map);
      const at = s.call("tableNextEntry", table, 0);
      expect(s.value("tableKey", table, at)).toBe(int(i));
      s.call("mapDelete", map, int(i));
      s.call("mapSet", map, int(i + count), int(i));
    }
    expect(cpuMs() - started).toBeLessThan(2000);
    expect(s.call("mapSize", map)).toBe(count);
    s.call("release", top);
  });

  it("asks before it grows beyond the memory limit, and can be asked again", () => {
    const top = s.call("mark");
    const map = s.call("newMap");
    s.call("setMemoryLimit", s.call("heapUsed") + 200_000);
    let i = 0;
    while (s.call("mapSet", map, int(i), int(i))) i++;
    expect(s.call("mapSize", map)).toBe(i);
    expect(i).toBeGreaterThan(500);
    s.call("setMemoryLimit", 0x70000000);
    expect(s.call("mapSet", map, int(i), int(i))).toBe(1);
    for (let k = 0; k <= i; k++) if (s.value("mapGet", map, int(k)) !== int(k)) throw new Error(`lost ${k}`);
    s.call("release", top);
  });
});
