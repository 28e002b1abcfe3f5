// Owns the 16-bit floats of IEEE 754 as bits. Must never round twice: the double itself is rounded, not a 32-bit float of it.

/** The nearest 16-bit float, ties to even. */
export function halfBits(d: f64): u32 {
  if (d != d) return 0x7e00;
  const bits = reinterpret<u64>(d);
  const sign = <u32>(bits >> 48) & 0x8000;
  const a = abs<f64>(d);
  if (a >= 65520.0) return sign | 0x7c00;
  // Below 2 ** -14 every float is a multiple of 2 ** -24; a carry makes the least normal one.
  if (a < 0.00006103515625) return sign | <u32>nearest<f64>(a * 16777216.0);
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  const scale = reinterpret<f64>(<u64>(1033 - exponent) << 52);
  return sign | (<u32>((exponent + 14) << 10) + <u32>nearest<f64>(a * scale));
}

export function halfValue(bits: u32): f64 {
  const exponent = <i32>(bits >> 10) & 31;
  const fraction = <f64>(bits & 1023);
  let d: f64;
  if (exponent == 31) d = fraction == 0 ? Infinity : NaN;
  else if (exponent == 0) d = fraction / 16777216.0;
  else d = (1024.0 + fraction) * reinterpret<f64>(<u64>(998 + exponent) << 52);
  return bits & 0x8000 ? -d : d;
}
