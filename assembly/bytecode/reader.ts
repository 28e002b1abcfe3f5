// Owns the cursor over untrusted bytes: LEB128 numbers, bytes, doubles. Must never read outside the range it was given: after the end
// everything is 0 and `readFailed` is true.

const CURSOR: usize = memory.data(16, 8);
const READ_AT: usize = CURSOR;
const READ_END: usize = CURSOR + 4;
const READ_BAD: usize = CURSOR + 8;

export function openReader(from: usize, length: usize): void {
  store<u32>(READ_AT, <u32>from);
  store<u32>(READ_END, <u32>(from + length));
  store<u32>(READ_BAD, 0);
}
/** Address of the next byte. */
// @ts-ignore: decorator
@inline
export function readPosition(): usize {
  return <usize>load<u32>(READ_AT);
}
/** Goes back to a position returned by readPosition. */
export function rewind(at: usize): void {
  store<u32>(READ_AT, <u32>at);
}
// @ts-ignore: decorator
@inline
export function remaining(): u32 {
  return load<u32>(READ_END) - load<u32>(READ_AT);
}
// @ts-ignore: decorator
@inline
export function readFailed(): bool {
  return load<u32>(READ_BAD) != 0;
}

function bad(): u32 {
  store<u32>(READ_BAD, 1);
  store<u32>(READ_AT, load<u32>(READ_END));
  return 0;
}

export function readByte(): u32 {
  const at = load<u32>(READ_AT);
  if (at >= load<u32>(READ_END)) return bad();
  store<u32>(READ_AT, at + 1);
  return <u32>load<u8>(<usize>at);
}

function readLong(first: u32): u32 {
  let value: u32 = first & 127;
  let shift: u32 = 7;
  while (true) {
    const byte = readByte();
    // The fifth byte has room for four bits; more would not be 32 bits wide.
    if (shift == 28 && byte > 15) return bad();
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
    shift += 7;
  }
  return 0;
}

/** Unsigned LEB128 of at most 32 bits. */
export function readUnsigned(): u32 {
  const at = load<u32>(READ_AT);
  if (at >= load<u32>(READ_END)) return bad();
  const byte = <u32>load<u8>(<usize>at);
  store<u32>(READ_AT, at + 1);
  return byte < 128 ? byte : readLong(byte);
}

/** Zigzag LEB128. */
export function readSigned(): i32 {
  const n = readUnsigned();
  return (<i32>(n >> 1)) ^ -(<i32>(n & 1));
}

export function readDouble(): f64 {
  if (remaining() < 8) {
    bad();
    return 0;
  }
  const at = readPosition();
  rewind(at + 8);
  return load<f64>(at);
}

/** Takes the next `count` bytes; returns their address, 0 if there are fewer. */
export function readBytes(count: u32): usize {
  if (remaining() < count) {
    bad();
    return 0;
  }
  const at = readPosition();
  rewind(at + <usize>count);
  return at;
}
