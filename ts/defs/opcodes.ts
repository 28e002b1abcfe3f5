// Owns the instruction set: every opcode, its operands, what they mean and what it may do. Everything that reads or
// writes instructions (emitters, disassembler, linker, verifier, interpreter enums, docs) is generated from here.
// Must never renumber a row: `PORTABLE` rows are appended only, their position is their number in snapshots.
//
// One instruction is one 8-byte word, plus one extension word when a row has an `x` operand:
//
//   byte  0        2        4        6        8                12
//        ┌────────┬────────┬────────┬────────┬────────────────┬────────────────┐
//        │ op u16 │ a  u16 │ b  u16 │ c  u16 │ x  (u64, or u32 key + u32 cache) │
//        └────────┴────────┴────────┴────────┴────────────────┴────────────────┘
//                          │ bc  i32 / u32   │
//
// Registers are numbered from the frame pointer: r0 callee, r1 this, r2… parameters, then locals, then temporaries. In the portable
// form a register is its number; when linked it is multiplied by 8. Jumps are counted in words from the first word of the
// instruction itself. Linking keeps every word in its place, so a position in the portable form is also a position in the linked
// one.

/**
 * Types of operands, and what each means. Their order is their number in packed images and in the linker's tables: append only.
 * register: the operand names a register · signed: it is written signed.
 */
export const OPERAND_TYPES = {
  dst: ["register", "register written"],
  src: ["register", "register read"],
  rw: ["register", "register read and written"],
  base: ["register", "first register of a group that is read (the row's text says how many)"],
  out: ["register", "first register of a group that is written"],
  top: ["register", "first dead register: all registers at and above it hold nothing"],
  u16: ["", "number"],
  i16: ["signed", "number"],
  i32: ["signed", "number, in field bc"],
  jump16: ["signed", "distance in words, in field c"],
  jump32: ["signed", "distance in words, in field bc"],
  jump: ["signed", "distance in words, in field x"],
  const: ["", "constant index, in field x; linked: the value itself"],
  key: ["", "string index of a property key, in field x; linked: atom address and offset of the inline cache from this instruction"],
  name: ["", "string index, in field x; linked: atom address"],
  fn: ["", "function index, in field x; linked: code cell address"],
  imm: ["", "number of 32 bits, in field x"],
} as const satisfies Readonly<Record<string, readonly [form: "register" | "signed" | "", text: string]>>;

export type OperandType = keyof typeof OPERAND_TYPES;

/** Fields of an instruction, by number. */
export const FIELDS = ["a", "b", "c", "bc", "x"] as const;

/** Flags of an opcode: the letter in its row, its bit in the core, and what it says. */
export const OPCODE_FLAGS = {
  EXTENDED: ["X", 1, "has an extension word (follows from the operands)"],
  SAFEPOINT: ["S", 2, "safepoint: fuel is taken, holds and collections may happen before it runs"],
  MAY_THROW: ["T", 4, "may throw"],
  NO_FALL_THROUGH: ["E", 8, "never falls through"],
  JUMPS: ["J", 16, "may jump"],
  PRELUDE_ONLY: ["P", 32, "only in the prelude"],
  RETRIES: ["R", 64, "takes a unit of fuel before it does anything, and may be run again after a collection: then that unit is given back"],
} as const satisfies Readonly<Record<string, readonly [letter: string, bit: number, text: string]>>;

/**
 * The properties of an operand, beyond its type, on which instructions rely, and where each is checked. A register that is read may
 * hold any valid value, whatever the program meant it to hold: a snapshot may come from a stranger. So either the verifier
 * (assembly/bytecode/verify.ts) proves the property, or the instruction checks it when it runs, and ends the run if it does not
 * hold (`damaged`).
 *
 * For every type the verifier proves: registers and their groups are in the frame; no instruction writes r0, or the register in
 * which a generator or async function keeps its own object; jumps lead to instructions, and only LOOP and LOOPT jump back; names,
 * constants and functions exist.
 */
export const CHECKS = {
  "": ["verifier", "nothing beyond the type"],
  // numbers
  "<=": ["verifier", "at most the number that follows"],
  "!=0": ["verifier", "not zero"],
  ">0": ["verifier", "more than zero"],
  method: ["verifier", "0 to 2, or 4 to 6"],
  image: ["verifier", "at most the bytes of the image: what makes something large must be described by as many"],
  register: ["verifier", "number of a register"],
  native: ["verifier", "number of a native"],
  helper: ["verifier", "number of a helper"],
  "helper-arguments": ["verifier", "at most as many as any helper takes"],
  intrinsic: ["verifier", "number of an intrinsic"],
  template: ["verifier", "a constant that is an object"],
  slot: ["instruction", "a slot that the environment has"],
  depth: ["instruction", "any number: the instruction stops at the last environment"],
  // registers
  owner: ["verifier", "the first register after the parameters, once GENSTART or ASYNCSTART has run"],
  written: ["verifier", "a group that is written"],
  live: ["verifier", "after the parameters, and after what a generator keeps"],
  area: ["verifier", "where a frame may be laid: after r0, and after what a generator keeps; the instruction checks the callee (and new.target)"],
  arguments: ["verifier", "after r0 and r1: the words before the arguments belong to the native"],
  iterator: ["both", "a group that is written (verifier); iterator, method and state may be anything (instruction)"],
  super: ["instruction", "a function with or without a home object, then values"],
  spread: ["instruction", "callee, this or new.target, an array or nothing to spread"],
  strings: ["instruction", "strings"],
  environment: ["instruction", "an environment; anything else counts as no environment, or ends the run"],
  object: ["instruction", "an object"],
  array: ["instruction", "an array"],
  function: ["instruction", "a function that has code"],
  private: ["instruction", "a private name"],
  primitive: ["instruction", "anything but an object counts as a property key"],
} as const satisfies Readonly<Record<string, readonly [by: "verifier" | "instruction" | "both", text: string]>>;

export type OperandCheck = keyof typeof CHECKS;

export interface OpcodeRow {
  readonly name: string;
  /** `[field, type, operand name, check, limit]`, in order of the fields a, b, c, bc, x. `limit`: the number of a check that has one. */
  readonly operands: readonly (readonly [
    field: (typeof FIELDS)[number],
    type: OperandType,
    name: string,
    check: OperandCheck,
    limit: number,
  ])[];
  /** Letters of OPCODE_FLAGS. */
  readonly flags: string;
  readonly text: string;
}

/** field:type:name, or field:type:name:check, where `<=N` is a check with its limit. */
function parseOperand(text: string): OpcodeRow["operands"][number] {
  const [field, type, name, check = ""] = text.split(":") as ["a", OperandType, string, string?];
  const limit = check.startsWith("<=") ? Number(check.slice(2)) : 0;
  const rule = check.startsWith("<=") ? "<=" : check;
  if (!(rule in CHECKS)) throw new Error(`no check is named ${rule}`);
  return [field, type, name, rule as OperandCheck, limit];
}

function row(name: string, operands: string, flags: string, text: string): OpcodeRow {
  const parsed = operands === "" ? [] : operands.split(" ").map(parseOperand);
  return { name, operands: parsed, flags, text };
}

/** The portable instruction set. Append only. */
export const PORTABLE: readonly OpcodeRow[] = [
  // --- loads and moves
  row("NOP", "", "", "nothing"),
  row("LOADK", "a:dst:dst x:const:value", "", "dst := constant"),
  row("LOADI", "a:dst:dst bc:i32:value", "", "dst := small integer"),
  row("LOADS", "a:dst:dst b:u16:special:<=4", "", "dst := special value (Special: undefined, null, false, true, hole)"),
  row("MOVE", "a:dst:dst b:src:src", "", "dst := src"),

  // --- environments (heap cells for captured bindings)
  row("NEWENV", "a:dst:dst b:src:parent:environment c:u16:size:image", "", "dst := new environment of `size` slots, all holes; parent is an environment or undefined"),
  row("COPYENV", "a:dst:dst b:src:env:environment", "", "dst := copy of env with the same parent (a fresh binding per iteration)"),
  row("CALLEEENV", "a:dst:dst", "", "dst := the environment the running function closed over (undefined if there is no environment)"),
  row("GETENV", "a:dst:dst b:src:env:environment c:u16:slot:slot", "", "dst := env[slot]"),
  row("SETENV", "a:src:src b:src:env:environment c:u16:slot:slot", "", "env[slot] := src"),
  row("GETUP", "a:dst:dst b:u16:depth:depth c:u16:slot:slot", "", "dst := slot of the environment `depth` parents above the one the running function closed over"),
  row("SETUP", "a:src:src b:u16:depth:depth c:u16:slot:slot", "", "the same, written"),
  row("CHECKTDZ", "a:src:src x:name:name", "T", "ReferenceError if src is the hole (binding used before it is initialised)"),
  row("CHECKTHIS", "a:src:src", "T", "ReferenceError if src is the hole (`this` before super())"),
  row("THROWCONST", "x:name:name", "TE", "TypeError: assignment to constant variable"),
  row("THROWERROR", "a:u16:kind:<=8 x:name:message", "TE", "throws a new error of native kind `kind` (ErrorKind) with that message"),

  // --- globals
  row("GETGLOBAL", "a:dst:dst x:key:name", "T", "dst := global binding; lexical record first, then the global object; ReferenceError if unknown or uninitialised"),
  row("TYPEOFGLOBAL", "a:dst:dst x:key:name", "T", "as GETGLOBAL, but undefined if unknown"),
  row("SETGLOBAL", "a:src:src x:key:name", "T", "assigns a global binding; in sloppy code an unknown name is created"),
  row("CHECKVAR", "x:name:name", "T", "SyntaxError if a global lexical binding has that name (before any declaration takes effect)"),
  row("CHECKFN", "x:name:name", "T", "as CHECKVAR, and TypeError if CanDeclareGlobalFunction is false"),
  row("CHECKLEX", "x:name:name", "T", "SyntaxError if a global lexical, var or restricted global property has that name"),
  row("DECLVAR", "x:name:name", "T", "CreateGlobalVarBinding"),
  row("DECLFN", "a:src:fn x:name:name", "T", "CreateGlobalFunctionBinding"),
  row("DECLLEX", "a:u16:how:<=4 x:name:name", "", "creates an uninitialised binding in the global lexical record, or removes one (LEXICAL_MODES)"),
  row("INITLEX", "a:src:src x:name:name", "", "initialises a binding of the global lexical record"),

  // --- arithmetic; every one may call guest code through ToPrimitive
  row("ADD", "a:dst:dst b:src:left c:src:right", "T", "dst := left + right"),
  row("SUB", "a:dst:dst b:src:left c:src:right", "T", "dst := left - right"),
  row("MUL", "a:dst:dst b:src:left c:src:right", "T", "dst := left * right"),
  row("DIV", "a:dst:dst b:src:left c:src:right", "T", "dst := left / right"),
  row("MOD", "a:dst:dst b:src:left c:src:right", "T", "dst := left % right"),
  row("EXP", "a:dst:dst b:src:left c:src:right", "T", "dst := left ** right"),
  row("BITAND", "a:dst:dst b:src:left c:src:right", "T", "dst := left & right"),
  row("BITOR", "a:dst:dst b:src:left c:src:right", "T", "dst := left | right"),
  row("BITXOR", "a:dst:dst b:src:left c:src:right", "T", "dst := left ^ right"),
  row("SHL", "a:dst:dst b:src:left c:src:right", "T", "dst := left << right"),
  row("SHR", "a:dst:dst b:src:left c:src:right", "T", "dst := left >> right"),
  row("USHR", "a:dst:dst b:src:left c:src:right", "T", "dst := left >>> right"),
  row("ADDI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left + small integer"),
  row("SUBI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left - small integer"),
  row("MULI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left * small integer"),
  row("DIVI", "a:dst:dst b:src:left c:i16:right:!=0", "T", "dst := left / small integer (not 0)"),
  row("MODI", "a:dst:dst b:src:left c:i16:right:>0", "T", "dst := left % small integer (greater than 0)"),
  row("BITANDI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left & small integer"),
  row("BITORI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left | small integer"),
  row("BITXORI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left ^ small integer"),
  row("SHLI", "a:dst:dst b:src:left c:i16:right:<=31", "T", "dst := left << 0…31"),
  row("SHRI", "a:dst:dst b:src:left c:i16:right:<=31", "T", "dst := left >> 0…31"),
  row("USHRI", "a:dst:dst b:src:left c:i16:right:<=31", "T", "dst := left >>> 0…31"),

  // --- comparison
  row("LT", "a:dst:dst b:src:left c:src:right", "T", "dst := left < right"),
  row("LE", "a:dst:dst b:src:left c:src:right", "T", "dst := left <= right"),
  row("GT", "a:dst:dst b:src:left c:src:right", "T", "dst := left > right"),
  row("GE", "a:dst:dst b:src:left c:src:right", "T", "dst := left >= right"),
  row("EQ", "a:dst:dst b:src:left c:src:right", "T", "dst := left == right"),
  row("NE", "a:dst:dst b:src:left c:src:right", "T", "dst := left != right"),
  row("SEQ", "a:dst:dst b:src:left c:src:right", "", "dst := left === right"),
  row("SNE", "a:dst:dst b:src:left c:src:right", "", "dst := left !== right"),
  row("LTI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left < small integer"),
  row("LEI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left <= small integer"),
  row("GTI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left > small integer"),
  row("GEI", "a:dst:dst b:src:left c:i16:right", "T", "dst := left >= small integer"),
  row("SEQI", "a:dst:dst b:src:left c:i16:right", "", "dst := left === small integer"),
  row("SNEI", "a:dst:dst b:src:left c:i16:right", "", "dst := left !== small integer"),
  row("INSTANCEOF", "a:dst:dst b:src:value c:src:target", "T", "dst := value instanceof target"),
  row("IN", "a:dst:dst b:src:key c:src:object", "T", "dst := key in object"),
  row("PRIVIN", "a:dst:dst b:src:key:private c:src:object", "T", "dst := #key in object"),

  // --- unary
  row("NEG", "a:dst:dst b:src:src", "T", "dst := -src"),
  row("PLUS", "a:dst:dst b:src:src", "T", "dst := +src (ToNumber)"),
  row("NOT", "a:dst:dst b:src:src", "", "dst := !src"),
  row("BITNOT", "a:dst:dst b:src:src", "T", "dst := ~src"),
  row("TYPEOF", "a:dst:dst b:src:src", "", "dst := typeof src"),
  row("INC", "a:dst:dst b:src:src", "T", "dst := ToNumeric(src) + 1"),
  row("DEC", "a:dst:dst b:src:src", "T", "dst := ToNumeric(src) - 1"),
  row("TONUMERIC", "a:dst:dst b:src:src", "T", "dst := ToNumeric(src)"),
  row("TOKEY", "a:dst:dst b:src:src", "T", "dst := ToPropertyKey(src) (a string, symbol or integer index)"),
  row("TOSTRING", "a:dst:dst b:src:src", "T", "dst := ToString(src) (template substitution)"),
  row("CONCAT", "a:dst:dst b:base:first:strings c:u16:count", "T", "dst := concatenation of `count` strings"),

  // --- jumps
  row("JMP", "bc:jump32:target", "JE", "forward jump"),
  row("JT", "a:src:cond bc:jump32:target", "J", "forward jump if truthy"),
  row("JF", "a:src:cond bc:jump32:target", "J", "forward jump if falsy"),
  row("JNULLISH", "a:src:src bc:jump32:target", "J", "forward jump if undefined or null"),
  row("JNOTNULLISH", "a:src:src bc:jump32:target", "J", "forward jump unless undefined or null"),
  row("JUNDEF", "a:src:src bc:jump32:target", "J", "forward jump if undefined"),
  row("JNOTUNDEF", "a:src:src bc:jump32:target", "J", "forward jump unless undefined"),
  row("JHOLE", "a:src:src bc:jump32:target", "J", "forward jump if src is the hole"),
  row("LOOP", "a:top:top:live bc:jump32:target", "SJE", "back-edge: backward jump"),
  row("LOOPT", "a:src:cond b:top:top:live c:jump16:target", "SJ", "back-edge: backward jump if truthy"),

  // --- properties
  row("GETPROP", "a:dst:dst b:src:object x:key:key", "T", "dst := object.key"),
  row("SETPROP", "a:src:object b:src:value x:key:key", "T", "object.key := value (strict functions throw on failure)"),
  row("GETELEM", "a:dst:dst b:src:object c:src:key", "T", "dst := object[key]"),
  row("SETELEM", "a:src:object b:src:key c:src:value", "T", "object[key] := value"),
  row("DELELEM", "a:dst:dst b:src:object c:src:key", "T", "dst := delete object[key]"),
  row("GETSUPER", "a:dst:dst b:base:group:super", "T", "group = function, key, this. dst := super[key] for that function's home object, receiver this"),
  row("SETSUPER", "a:base:group:super", "T", "group = function, key, this, value. super[key] := value"),
  row("GETPRIV", "a:dst:dst b:src:object c:src:key:private", "T", "dst := object.#key (calls a private getter)"),
  row("SETPRIV", "a:src:object b:src:key:private c:src:value", "T", "object.#key := value"),
  row("DEFPRIV", "a:src:object:object b:src:key:private c:src:value", "T", "adds a private field; TypeError if it is there"),
  row("DEFPRIVM", "a:src:object:object b:src:key:private c:src:fn:function x:imm:kind:<=2", "T", "adds a private method (0), getter (1) or setter (2)"),
  row("NEWPRIV", "a:dst:dst x:name:description", "", "dst := a new private name (description with its #)"),

  // --- literals and definitions
  row("NEWOBJ", "a:dst:dst b:u16:capacity:image", "", "dst := {} with room for `capacity` properties"),
  row("NEWARR", "a:dst:dst bc:i32:capacity:image", "", "dst := [] with room for `capacity` elements"),
  row("DEFFIELD", "a:src:object:object b:src:value x:key:key", "T", "CreateDataPropertyOrThrow(object, key, value)"),
  row("DEFELEM", "a:src:object:object b:src:key:primitive c:src:value", "T", "the same with a computed key (already a property key)"),
  row("DEFPROTO", "a:src:object:object b:src:value", "", "`__proto__: value` in a literal"),
  row("DEFMETHOD", "a:src:object:object b:src:key:primitive c:src:fn:function x:imm:kind:method", "T", "defines a method on a literal or class: bits 0-1: method 0, getter 1, setter 2; bit 2: enumerable. Names the function and sets its home object"),
  row("SETNAME", "a:src:fn b:src:key:primitive c:u16:prefix:<=2", "", "names an anonymous function or class: prefix 0 no prefix, 1 get, 2 set. A class with an own static `name` keeps it"),
  row("ARRPUSH", "a:src:array:array b:src:value", "", "appends to an array under construction"),
  row("ARRHOLE", "a:src:array:array", "", "appends a hole"),
  row("ARRSPREAD", "a:src:array:array b:src:iterable", "STR", "appends all of an iterable"),
  row("SPREADOBJ", "a:src:target:object b:src:source", "T", "CopyDataProperties(target, source)"),
  row("OBJREST", "a:dst:dst b:src:source c:base:keys x:imm:count", "T", "dst := copy of source without the `count` keys (property keys)"),
  row("GETTEMPLATE", "a:dst:dst x:const:template:template", "", "dst := the frozen template object of this site"),
  row("NEWREGEXP", "a:dst:dst b:base:group:strings", "T", "group = pattern, flags. dst := new RegExp"),

  // --- calls. A call area: base = callee, base+1 = this, base+2… = arguments.
  row("CALL", "a:dst:dst b:base:area:area c:u16:argc", "STR", "dst := area call"),
  row("CALLU", "a:dst:dst b:base:area:area c:u16:argc", "STR", "dst := call with this = undefined (base+1 need not be written)"),
  row("NEW", "a:dst:dst b:base:area:area c:u16:argc", "STR", "dst := new callee(arguments); new.target = callee (base+1 need not be written)"),
  row("SUPERCALL", "a:dst:dst b:base:area:area c:u16:argc", "STR", "dst := Construct(callee, arguments, newTarget = base+1)"),
  row("CALLSPREAD", "a:dst:dst b:base:area:spread", "STR", "area = callee, this, array of arguments"),
  row("NEWSPREAD", "a:dst:dst b:base:area:spread", "STR", "area = callee, newTarget (undefined: the callee), array of arguments"),
  row("GETSUPERCTOR", "a:dst:dst b:src:fn", "", "dst := fn.[[GetPrototypeOf]]()"),
  row("RETURN", "a:src:value", "SE", "returns"),
  row("RETURNU", "", "SE", "returns undefined"),
  row("CTORRESULT", "a:dst:dst b:src:value c:src:this", "T", "result of a derived constructor: value if an object; TypeError if neither object nor undefined; else this, ReferenceError if it is the hole"),

  // --- prologue
  row("THISSLOPPY", "", "", "r1 := this of sloppy code (global object for undefined and null, wrapper for primitives)"),
  row("ARGUMENTS", "a:dst:dst b:u16:mapped:register", "", "dst := arguments object; must run before a parameter is written. mapped: 0, or the register of the environment whose first slots become the parameters, which it also sets"),
  row("REST", "a:dst:dst b:u16:start", "", "dst := array of the arguments from `start`; must run before a local is written"),
  row("NEWTARGET", "a:dst:dst", "", "dst := new.target; must be among the first instructions, before any safepoint"),
  row("ARGC", "a:dst:dst", "P", "dst := number of arguments given"),

  // --- closures and classes
  row("CLOSURE", "a:dst:dst b:src:env:environment x:fn:function", "", "dst := new function; env is an environment or undefined. Its kind (arrow, method, generator, async…) is in the function's flags"),
  row("NEWCLASS", "a:out:pair:written b:base:parent c:src:env:environment x:fn:constructor", "T", "pair = class constructor, prototype. b = parent (hole without `extends`), and the hole"),
  row("SETHOME", "a:src:fn:function b:src:home:object", "", "sets the home object of a function (field initialisers, static blocks)"),
  row("SETFIELDS", "a:src:class:function b:src:init:function", "", "sets the function that initialises instance fields"),
  row("RUNFIELDS", "a:src:this b:src:class:function", "STR", "calls the field initialiser of class, if any, on this"),

  // --- iteration. An iterator group is 3 registers: iterator, next method, state (undefined: running; true: done; an integer: fast array position)
  row("GETITER", "a:out:iterator:written b:src:iterable c:u16:kind:<=2", "STR", "iterator group := GetIterator(iterable), kind 0 sync, 1 async, 2 sync without the array fast path (yield*)"),
  row("FORNEXT", "a:base:iterator:iterator b:dst:dst x:jump:done", "STJR", "dst := next value, or jump when done. state becomes true when done or when next throws"),
  row("ITERSTEP", "a:dst:dst b:base:iterator:iterator", "STR", "destructuring: dst := next value, undefined once done; as FORNEXT for the state"),
  row("ITERREST", "a:dst:dst b:base:iterator:iterator", "STR", "dst := array of all that is left"),
  row("ITERCLOSE", "a:base:iterator:iterator", "STR", "if state is not true: calls `return`, checks its result, throws its errors"),
  row("ITERCLOSEQ", "a:base:iterator:iterator", "STR", "if state is not true: calls `return`, ignores result and errors (an exception is under way)"),
  row("FORIN", "a:out:group:written b:src:object", "STR", "group of 3: prepares the keys of object (no keys for null and undefined)"),
  row("FORINNEXT", "a:base:group:iterator b:dst:dst x:jump:done", "STJR", "dst := next key that is still there, or jump"),

  // --- generators and async
  row("GENSTART", "a:dst:generator:owner", "S", "makes the generator object of this call, moves the frame into it and returns it to the caller. When it is resumed, execution continues after this instruction"),
  row("YIELD", "a:out:pair:written b:src:value c:src:generator:owner", "S", "suspends with value. pair = value sent, mode (integer 0 next, 2 return); a throw() is thrown here. In an async generator the value must be awaited first"),
  row("ASYNCSTART", "a:dst:coroutine:owner", "", "makes coroutine and promise of this async call (first instruction after those of the parameters; before parameters with defaults)"),
  row("AWAIT", "a:dst:dst b:src:value c:src:coroutine:owner", "ST", "suspends until value settles; a rejection is thrown here"),
  row("ASYNCRETURN", "a:src:value b:src:coroutine:owner", "SE", "resolves the promise of the call and returns it to the caller"),
  row("ASYNCTHROW", "a:src:error b:src:coroutine:owner", "SE", "rejects the promise of the call and returns it to the caller"),
  row("CHECKOBJECT", "a:src:src x:name:what", "T", "TypeError unless src is an object (iterator results: `what` names it)"),

  // --- exceptions
  row("THROW", "a:src:value", "TE", "throws"),

  // --- stepping
  row("STEP", "a:top:top:live", "S", "statement boundary of a program compiled for stepping"),

  // --- prelude only
  row("CALLN", "a:dst:dst b:base:arguments:arguments c:u16:argc x:imm:native:native", "STPR", "dst := native with that stable id (arguments start at base)"),
  row("LOADINTR", "a:dst:dst b:u16:intrinsic:intrinsic", "P", "dst := intrinsic with that stable id"),
  row("REQUIREOBJ", "a:src:src", "T", "TypeError if src is undefined or null (RequireObjectCoercible; object patterns)"),
  row("IMPORTCALL", "a:dst:dst b:src:specifier c:src:options", "ST", "dst := promise of the module namespace"),
  row("IMPORTMETA", "a:dst:dst", "", "dst := import.meta"),

  // --- added by the compiler
  row("DELGLOBAL", "a:dst:dst x:name:name", "T", "dst := delete of a global name (sloppy code): false for a lexical binding, true if unknown, else delete of the global object's property"),
  row("YIELDRESULT", "a:out:pair:written b:src:result c:src:generator:owner", "S", "as YIELD in a sync generator, but `result` is itself what next() returns to the caller: an iterator result of the inner iterator of yield*"),
  row("HELPER", "a:dst:dst b:base:arguments c:u16:argc:helper-arguments x:imm:helper:helper", "STR", "dst := the prelude function HELPERS[helper] (defs/helpers.ts) called with `argc` arguments"),
  row("TAILCALL", "a:dst:dst b:base:area:area c:u16:argc", "STR", "as CALL, of a strict function that returns dst next: on a deep stack the callee may get this frame's place"),
  row("FUEL", "a:top:top:live b:u16:units:!=0", "SR", "takes `units` of fuel (at least 1) for the straight-line code since the last safepoint"),
];

/** Special values by number; the low word of a value with the SPECIAL tag. Append only. */
export const SPECIALS = ["undefined", "null", "false", "true", "hole"] as const;

/** Native error constructors by number. Append only. */
export const ERROR_KINDS = ["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError", "SuppressedError"] as const;

/** Bits of a function's flags in the program image. Append only. */
export const FUNCTION_FLAGS = {
  STRICT: 1, // strict mode code
  ARROW: 2, // no own this, not a constructor
  METHOD: 4, // not a constructor, may have a home object
  GENERATOR: 8,
  ASYNC: 16,
  CLASS_CONSTRUCTOR: 32, // cannot be called without new
  DERIVED: 64, // constructor of a class with `extends`: this starts as the hole
  CONSTRUCTOR: 128, // can be called with new (plain functions and classes); gets a `prototype`
  HAS_SIMPLE_PARAMETERS: 256,
  FIELD_INITIALIZER: 512, // synthetic: instance fields or static block
  PROGRAM: 1024, // top-level code
  PRELUDE: 2048, // hidden from stack traces
  MODULE: 4096, // function 0 of a module: returns its description; function 1 is the module's code
} as const;

/** All flags that an image may have. */
export const KNOWN_FUNCTION_FLAGS = Object.values(FUNCTION_FLAGS).reduce<number>((all, bit) => all | bit, 0);
