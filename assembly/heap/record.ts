// Owns the layout of a control record, the part of a frame that is not a value.
//
//   record   +0 return pc u32 · +4 caller fp u32 (0: no caller) · +8 destination u16 (offset from the caller's fp) · +10 kind u16
//            · +12 argument count u16 · +14 flags u16 (1: construct call)

export const RECORD_DESTINATION: usize = 8;
export const RECORD_KIND: usize = 10;
export const RECORD_ARGC: usize = 12;
export const RECORD_FLAGS: usize = 14;
