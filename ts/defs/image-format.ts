// Owns the description of a program image, which the compiler passes to the linker and snapshots contain.
// Must never change meaning under the same IMAGE_VERSION.
//
// Numbers are unsigned LEB128 (`v`) or zigzag LEB128 (`s`). Everything is position independent.
//
//   "FMP" 0x01                      magic + IMAGE_VERSION
//   v   string count, then for each: v (length << 1 | isUtf16), then length bytes (Latin-1) or 2*length bytes (UTF-16LE)
//   v   function count (function 0 is the entry), then for each:
//         v  flags (FUNCTION_FLAGS)
//         v  name: string index + 1, 0 = anonymous
//         v  parameter registers (r2 … r2+n-1 are filled with undefined when missing)
//         v  `length` property
//         v  register count (all of r0, r1, parameters, locals, temporaries, call areas)
//         v  clear count: registers after the parameters that a call sets to undefined (locals and every temporary that may be
//            below a safepoint's live top without having been written)
//         v  source start, v source length (code units in the program's source)
//         v  constant count, then each: byte tag + payload
//              0 s int32 · 1 f64 8 bytes LE · 2 v string index · 3 template: v count, each (v cooked string index + 1 (0 = undefined), v raw string index)
//              4 v string index of a BigInt's decimal digits · 5 v special
//         v  word count, then the instructions: v opcode, then the operands in order of the row: registers, u16, top, const, key, name, fn, imm as v;
//            i16, i32 and jumps as s
//         v  handler count, then each: v start word, v end word, v target word, v register (range is [start, end); the first that matches wins)
//         v  position count, then each: v words since the last, s source offset since the last (sorted; applies from that word on;
//            every instruction with flag T or S has its own position in effect)

/** Version of the format above. */
export const IMAGE_VERSION = 1;
export const IMAGE_MAGIC = [0x46, 0x4d, 0x50] as const; // "FMP"
