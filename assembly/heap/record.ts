// Owns the layout of a control record, the part of a frame that is not a value.
//
//   record   +0 return pc u32 · +4 caller fp u32 (0: no caller) · +8 destination u16 (offset from the caller's fp) · +10 kind u8
//            · +11 of a GENERATOR, the kind of the call that resumed it u8 · +12 argument count u24 · +15 flags u8 (RecordFlag)

export const RECORD_DESTINATION: usize = 8;
export const RECORD_KIND: usize = 10;
export const RECORD_RESUMED_BY: usize = 11;
export const RECORD_FLAGS: usize = 15;

const COUNT_AND_FLAGS: usize = 12;
const COUNT_MASK: u32 = 0xff_ffff;

// @ts-ignore: decorator
@inline
export function recordArgumentCount(record: usize): i32 {
  return <i32>(load<u32>(record, COUNT_AND_FLAGS) & COUNT_MASK);
}

/** The flags as snapshots and `pushRecord` have them: those of RecordFlag, with the kind of the call that resumed a generator above. */
// @ts-ignore: decorator
@inline
export function recordFlags(record: usize): u32 {
  return <u32>load<u8>(record, RECORD_FLAGS) | (<u32>load<u8>(record, RECORD_RESUMED_BY) << 8);
}

/** Fills all of a record but its positions. */
// @ts-ignore: decorator
@inline
export function fillRecord(record: usize, destination: u32, kind: u32, argc: u32, flags: u32): void {
  const low = <u64>destination | (<u64>kind << 16) | (<u64>(flags >> 8) << 24);
  store<u64>(record, low | (<u64>argc << 32) | (<u64>(flags & 255) << 56), 8);
}
