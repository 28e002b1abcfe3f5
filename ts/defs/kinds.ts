// Owns the kinds of heap cell and their layouts. The collector's tracer, the constants of the core, the verifier and the
// documentation are generated from here. Must never describe anything that is not in linear memory.
//
// Every cell starts with 8 bytes and is a multiple of 8 long:
//
//   +0  meta   u32   objects: shape · strings and symbols: hash · environments: parent · else kind specific
//   +4  header u32   kind << 24 | size in 8-byte units       (kind FORWARD while collecting: meta is the new address)
//
// Objects (kind ≥ OBJECT) go on with
//
//   +8  slots    u32  SLOTS cell with the properties that have no inline slot, or 0; its meta is the identity hash
//   +12 elements u32  ELEMENTS or SPARSE cell with the integer-indexed properties, or 0
//   +16 internal fields of the kind, then inline slots (where they start and how many there are is in the shape)

/** v: value · p: address of a cell or 0 · x: weak value · w: weak address · u: raw u32. */
export type FieldType = "v" | "p" | "x" | "w" | "u";
/** The content of a cell after its fields. custom: traced by hand, such as instructions, caches and tables. */
export type Tail = "none" | "values" | "bytes" | "custom";

export interface KindRow {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, type: FieldType])[];
  readonly tail: Tail;
  readonly text: string;
}

function kind(name: string, fields: string, tail: Tail, text: string): KindRow {
  const parsed = fields === "" ? [] : fields.split(" ").map((f) => f.split(":") as [string, FieldType]);
  return { name, fields: parsed, tail, text };
}

/** Cells that are not objects. Kind numbers start at 1, in this order. */
export const PLAIN_KINDS: readonly KindRow[] = [
  kind("STRING", "length:u flags:u", "bytes", "flat string; meta = hash or 0; characters after the fields, 1 or 2 bytes each"),
  kind("SLICE", "length:u flags:u base:p start:u", "none", "characters start… of base, a STRING or STRBUF; start counts code units"),
  kind("ROPE", "length:u flags:u left:p right:p", "none", "concatenation not yet flattened; becomes a SLICE in place"),
  kind("STRBUF", "capacity:u flags:u used:u pad:u", "bytes", "append buffer; capacity and used count code units"),
  kind("SYMBOL", "flags:u id:u description:v", "none", "symbol or private name; meta = hash"),
  kind("BIGINT", "sign:u length:u", "bytes", "magnitude in u32 limbs, least significant first"),
  kind("SHAPE", "proto:p table:p count:u layout:u maker:p transitions:w lastKey:p lastAttributes:u", "none", "hidden class; meta = flags; layout = inline base | inline capacity << 16"),
  kind("PROPTABLE", "used:u capacity:u hashSize:u live:u", "custom", "property entries {key u32, attributes u32} × capacity, then hash u32 × hashSize; the entry index is the slot index"),
  kind("SLOTS", "", "values", "out-of-line property values; meta = identity hash of the object or 0"),
  kind("ELEMENTS", "length:u capacity:u", "values", "dense or holey elements; holes are the hole value; meta = flags (frozen, sealed)"),
  kind("SPARSE", "used:u capacity:u live:u pad:u", "custom", "entries {index u32, attributes u32, value v} × capacity, then hash u32 × 2·capacity; meta = 0"),
  kind("ENV", "", "values", "captured bindings; meta = parent environment or 0"),
  kind("CODE", "program:p index:u flags:u registers:u limits:u name:p instanceCapacity:u words:u tables:u caches:u relocations:u handlers:u", "custom", "linked function, see heap/code.ts"),
  kind("PROGRAM", "id:u count:u filename:p lines:p functions:p strings:p templates:p next:u serial:u needed:u", "none", "one linked program image; next, serial, needed: of code from strings (bytecode/evaluated.ts)"),
  kind("HASHTABLE", "used:u live:u capacity:u buckets:u next:p first:u", "custom", "Map and Set; first: index of the first live entry. Entries {key v, value v, chain u32, hash u32} × capacity, then bucket heads u32"),
  kind("ACCESSOR", "getter:v setter:v", "none", "accessor property"),
  kind("FRAME", "position:u count:u", "values", "suspended frame: callee, this, registers; position in words"),
  kind("COROUTINE", "promise:v frame:p state:u", "none", "async function call"),
  kind("REACTION", "next:p kind:u handler:v target:v extra:v", "none", "reaction of a promise, or a job in the queue"),
  kind("CALLRECORD", "next:p id:u kind:u state:u callee:v args:v target:v dueOrReturn:v", "none", "pending host call or timer; callee: name of the external, or callback of the timer; dueOrReturn: when a timer rings, for a sync call how many bytes after its instruction the guest goes on"),
  kind("ATOMTABLE", "count:u capacity:u", "custom", "interned strings: addresses u32 × capacity, open addressing, weak"),
  kind("TRANSITIONS", "count:u capacity:u", "custom", "child shapes u32 × capacity of a shape with more than one, weak"),
  kind("POINTERS", "count:u pad:u", "custom", "plain list of cell addresses, u32 each"),
  kind("BYTES", "length:u pad:u", "bytes", "raw bytes"),
  kind("BLOCK", "length:u pad:u", "bytes", "bytes of an ArrayBuffer, which no other cell refers to; bytes after its byteLength are zero"),
];

/** Objects. Kind numbers start at 64, in this order. Fields follow the 16-byte object header. */
export const OBJECT_KINDS: readonly KindRow[] = [
  kind("OBJECT", "", "values", "ordinary object"),
  kind("ARRAY", "length:u arrayFlags:u", "values", "array exotic object; arrayFlags bit 0: length is not writable"),
  kind("FUNCTION", "code:p env:p home:p functionFlags:u fields:p initialShape:p", "values", "closure; name, length and prototype are made when first asked for (functionFlags)"),
  kind("NATIVE", "native:u fallback:p functionFlags:u pad:u", "values", "native function; fallback: prelude function for what the native defers"),
  kind("BOUND", "target:p args:p boundThis:v", "values", "bound function; args: ELEMENTS"),
  kind("EXTERNAL", "name:p mode:u", "values", "host function; mode 0 async, 1 sync"),
  kind("ERROR", "", "values", "error object"),
  kind("PRIMITIVE", "primitive:v", "values", "wrapper of a boolean, number, string, symbol or bigint"),
  kind("MAP", "table:p pad:u", "values", "Map"),
  kind("SET", "table:p pad:u", "values", "Set"),
  kind("WEAKMAP", "table:p pad:u", "values", "WeakMap (ephemerons)"),
  kind("WEAKSET", "table:p pad:u", "values", "WeakSet"),
  kind("WEAKREF", "target:x", "values", "WeakRef; target is cleared at counted collections only"),
  kind("PROMISE", "promiseState:u reactions:p result:v", "values", "promise; promiseState: 0 pending, 1 fulfilled, 2 rejected, | 256 handled"),
  kind("GENERATOR", "state:u frame:p queue:v", "values", "generator or async generator object"),
  kind("ARGUMENTS", "", "values", "arguments object"),
  kind("INTERNAL", "class:u count:u", "values", "object of a builtin class written in the prelude: `count` internal slots, then inline slots"),
  kind("GLOBAL", "", "values", "the global object"),
  kind("PROXY", "target:v handler:v", "values", "proxy; callable and constructor bits in its shape"),
  kind("DATE", "time:v", "values", "Date; time value: a number, NaN if invalid"),
  kind("ARRAYBUFFER", "data:p byteLength:u maxByteLength:u bufferFlags:u", "values", "ArrayBuffer; data: BLOCK, 0 when detached; bufferFlags bit 0: resizable"),
  kind("TYPEDARRAY", "buffer:p byteOffset:u length:u elementType:u", "values", "typed array; length 0 if it tracks its buffer; elementType: number of the type | log2 of its size << 8 | tracking << 16 | buffer is resizable << 17"),
  kind("DATAVIEW", "buffer:p byteOffset:u length:u elementType:u", "values", "DataView, as a typed array of bytes"),
  kind("REGEXP", "source:p regexpFlags:u program:p pad:u", "values", "RegExp; program: BYTES, made when first needed, shared; the first slot is lastIndex"),
];

export const FIRST_OBJECT_KIND = 64;

/** Bytes of an inline cache and of an exception handler in a CODE cell (assembly/heap/code.ts). */
export const CACHE_SIZE = 16;
export const HANDLER_SIZE = 16;
