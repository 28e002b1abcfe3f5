// Owns every error class that Fermata throws at its host, and the stable codes by which hosts tell them apart.
//
// These are host-side objects and must never be handed to a guest. The guest sees an error object of its own realm, made from
// `name`, `message` and `cause`, so no host stack, path or class can leak inside.

/** Stable machine-readable code of an error; unlike `message`, it never changes between releases. */
export type FermataErrorCode =
  | "FERMATA_COMPILE"
  | "FERMATA_GUEST"
  | "FERMATA_LIMIT"
  | "FERMATA_SNAPSHOT"
  | "FERMATA_MARSHAL"
  | "FERMATA_MISSING_EXTERNAL"
  | "FERMATA_MISSING_MODULE"
  | "FERMATA_STORE"
  | "FERMATA_STORE_CONFLICT"
  | "FERMATA_STATE"
  | "FERMATA_ANSWER"
  | "FERMATA_ABORTED"
  | "FERMATA_RUN"
  | "FERMATA_INTERNAL";

/**
 * Base of all errors that Fermata throws on purpose. Test `code` rather than `instanceof` where two copies of the
 * package may be loaded, or where the error has crossed a worker boundary.
 */
export abstract class FermataError extends Error {
  /** See {@link FermataErrorCode}. */
  abstract readonly code: FermataErrorCode;

  // `name` is a getter on each prototype, not a field: the engine builds the first line of `stack` before fields exist.
  /** Name of the class, such as `"GuestError"`. */
  abstract override get name(): string;
}

/** A position in the user's own source (TypeScript included). */
export interface SourcePosition {
  /** The `filename` given to `compile`. */
  filename?: string | undefined;
  /** 1-based line. */
  line?: number | undefined;
  /** 1-based column, in UTF-16 units. */
  column?: number | undefined;
  /** A few lines of source with a marker under the position, ready to print. */
  codeFrame?: string | undefined;
}

/** The source is not a valid program: a syntax error, an early error, or a feature that cannot be compiled. */
export class CompileError extends FermataError {
  readonly code = "FERMATA_COMPILE";
  /** The `filename` given to `compile`. */
  readonly filename: string;
  /** 1-based line in that file. */
  readonly line: number;
  /** 1-based column, in UTF-16 units. */
  readonly column: number;
  /** A few lines of source with a marker under the position, ready to print. */
  readonly codeFrame: string;

  constructor(
    message: string,
    position: { filename: string; line: number; column: number; codeFrame?: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.filename = position.filename;
    this.line = position.line;
    this.column = position.column;
    this.codeFrame = position.codeFrame ?? "";
  }

  override get name(): string {
    return "CompileError";
  }
}

/** What a failed run had written and used until then. */
export interface FailedRun {
  /** Everything it had written with `console.log` and its relatives. */
  readonly stdout: string;
  /** Everything it had written with `console.error` and `console.warn`. */
  readonly stderr: string;
  /** See `Usage`: fuel, bytes, calls, milliseconds. */
  readonly usage: {
    readonly fuel: number;
    readonly memoryBytes: number;
    readonly peakMemoryBytes: number;
    readonly hostCalls: number;
    readonly timeMs: number;
  };
}

/** The data from which a {@link GuestError} is made. */
export interface GuestErrorDetails extends SourcePosition {
  /** `name` of the thrown error, or the type of a thrown value that is not an error ("string", "object", …). */
  guestName: string;
  /** `message` of the thrown error, or the thrown value as text. */
  guestMessage: string;
  /** The guest's own stack, `file:line:column` in the user's source; empty if it was not recorded. */
  guestStack?: string | undefined;
  /** The guest error's `cause`, converted to a host value (itself a {@link GuestError} if it was an error). */
  cause?: unknown;
  /** The `errors` of an AggregateError, converted in the same way. */
  errors?: readonly unknown[];
  /** Enumerable properties of the guest's error or thrown object that are plain data, such as `code`. */
  properties?: Readonly<Record<string, unknown>>;
}

/** The program threw an exception and did not catch it. `message` is `guestName: guestMessage`. */
export class GuestError extends FermataError {
  readonly code = "FERMATA_GUEST";
  /** `name` of the guest's error; for another thrown object, the name of its constructor; for any other value, its type. */
  readonly guestName: string;
  /** `message` of the guest's error, or the thrown value as text. */
  readonly guestMessage: string;
  /** The guest's stack in the user's own source. `stack` is the host's stack. */
  readonly guestStack: string;
  /** The `errors` of a guest's AggregateError, each error as a {@link GuestError}; empty for every other error. */
  readonly errors: readonly unknown[];
  /** The guest error's own enumerable properties that are plain data, such as `code` or `status`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The file in which the error was thrown, if known. */
  readonly filename: string | undefined;
  /** 1-based line, if known. */
  readonly line: number | undefined;
  /** 1-based column in UTF-16 units, if known. */
  readonly column: number | undefined;
  /** A few lines of source with a marker under the position; empty where unknown. */
  readonly codeFrame: string;
  /**
   * True if it rejected a promise and the guest did not handle the rejection. False if it was thrown by code outside any promise,
   * or at the top level of a module or of a script that awaits.
   */
  unhandledRejection = false;
  /** What the program had written and used; undefined on the cause of another error. */
  run: FailedRun | undefined = undefined;

  constructor(details: GuestErrorDetails) {
    // No own `cause` property unless the guest's error had one, as in the language itself.
    super(
      details.guestMessage === "" ? details.guestName : `${details.guestName}: ${details.guestMessage}`,
      "cause" in details ? { cause: details.cause } : undefined,
    );
    this.guestName = details.guestName;
    this.guestMessage = details.guestMessage;
    this.guestStack = details.guestStack ?? "";
    this.errors = details.errors ?? [];
    this.properties = details.properties ?? {};
    this.filename = details.filename;
    this.line = details.line;
    this.column = details.column;
    this.codeFrame = details.codeFrame ?? "";
  }

  override get name(): string {
    return "GuestError";
  }
}

/** The limits that can be exceeded, named as in the `limits` option. */
export type LimitName =
  "sourceBytes" | "fuel" | "memoryBytes" | "timeMs" | "stackDepth" | "stdoutBytes" | "snapshotBytes" | "hostCalls";

/** The program needed more than it was granted. A guest cannot catch this. */
export class LimitError extends FermataError {
  readonly code = "FERMATA_LIMIT";
  /** Which limit. */
  readonly limit: LimitName;
  /** The amount granted, in the unit of the limit (fuel, bytes, milliseconds, frames, calls). */
  readonly allowed: number;
  /** The amount used, or that the refused operation would have used, in the same unit. */
  readonly used: number;
  /** What the program had written and used, if it was running. */
  run: FailedRun | undefined = undefined;

  constructor(limit: LimitName, allowed: number, used: number, options?: ErrorOptions) {
    super(
      `limit exceeded: ${limit} (allowed ${allowed}, used ${Math.ceil(used)}). To allow more, raise limits.${limit}`,
      options,
    );
    this.limit = limit;
    this.allowed = allowed;
    this.used = used;
  }

  override get name(): string {
    return "LimitError";
  }
}

/**
 * Why snapshot bytes were refused.
 *
 * - `not-a-snapshot`: the bytes do not begin like a snapshot
 * - `unsupported-version`: written in a format too new or too old for this build
 * - `truncated`: shorter than the length they state
 * - `checksum`: the bytes were altered or damaged
 * - `malformed`: the framing is intact, but the verifier found content that no writer produces
 * - `other-build`: a checkpoint (a copy for the same build only) made by another build
 * - `missing-program`: dumped with `program: "reference"`, and the program was not given to `load`
 * - `no-compiler`: it may compile code from strings, and the runtime has no compiler (`fermata-vm/resume`)
 * - `missing-library`: it needs a library, or a version of one, that this host does not have
 * - `program-mismatch`: the program given is not the one the snapshot was taken from
 * - `embedded-program`: it contains code, and `load` was told to accept no code
 * - `key`: sealed with a key that is not among those given
 * - `context`: sealed for a context other than the one given
 * - `expired`: the seal's expiry time has passed
 * - `altered`: sealed with that key and for that context, but changed since
 * - `unsealed`: a seal is required, and the snapshot has no seal
 * - `too-large`: larger than `limits.snapshotBytes`
 */
export type SnapshotErrorReason =
  | "not-a-snapshot"
  | "unsupported-version"
  | "truncated"
  | "checksum"
  | "malformed"
  | "other-build"
  | "missing-program"
  | "missing-library"
  | "no-compiler"
  | "program-mismatch"
  | "embedded-program"
  | "key"
  | "context"
  | "expired"
  | "altered"
  | "unsealed"
  | "too-large";

/** The bytes cannot be loaded as a snapshot. No code in them was run. */
export class SnapshotError extends FermataError {
  readonly code = "FERMATA_SNAPSHOT";
  /** The reason, as a stable word. `message` has the details. */
  readonly reason: SnapshotErrorReason;

  constructor(reason: SnapshotErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  override get name(): string {
    return "SnapshotError";
  }
}

/** A value cannot cross between host and guest (a function, symbol, promise or proxy, or a host object). */
export class MarshalError extends FermataError {
  readonly code = "FERMATA_MARSHAL";
  /** Path from the root to the value, as written in code: `args[0].user.callback`. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(path === "" ? message : `${path}: ${message}`, options);
    this.path = path;
  }

  override get name(): string {
    return "MarshalError";
  }
}

/** The program or snapshot needs external functions that the host did not provide. */
export class MissingExternalError extends FermataError {
  readonly code = "FERMATA_MISSING_EXTERNAL";
  /** The missing names, in the order in which the program declares them. */
  readonly names: readonly string[];

  constructor(names: readonly string[], options?: ErrorOptions) {
    super(`missing external function${names.length === 1 ? "" : "s"}: ${names.join(", ")}`, options);
    this.names = [...names];
  }

  override get name(): string {
    return "MissingExternalError";
  }
}

/** The program imports a module that it does not contain, and the run has no loader to find it. */
export class MissingModuleError extends FermataError {
  readonly code = "FERMATA_MISSING_MODULE";
  /** The specifier, as the program writes it. */
  readonly specifier: string;
  /** The module or script that imports it. */
  readonly referrer: string;
  /** File of the import; undefined where unknown. */
  readonly filename: string | undefined;
  /** 1-based line. */
  readonly line: number | undefined;
  /** 1-based column, in UTF-16 units. */
  readonly column: number | undefined;
  /** A few lines of source with a marker under the position; empty where unknown. */
  readonly codeFrame: string;

  constructor(specifier: string, referrer: string, position: SourcePosition, options?: ErrorOptions) {
    const { filename, line, column, codeFrame } = position;
    const place = line === undefined ? referrer : `${filename}:${line}:${column}`;
    super(`Cannot find module '${specifier}' imported from ${place}: pass a loader`, options);
    this.specifier = specifier;
    this.referrer = referrer;
    this.filename = filename;
    this.line = line;
    this.column = column;
    this.codeFrame = codeFrame ?? "";
  }

  override get name(): string {
    return "MissingModuleError";
  }
}

/** The operations of a store, as named in errors. */
export type StoreOperation = "open" | "get" | "put" | "delete" | "list";

/** The data from which a {@link StoreError} is made. */
export interface StoreErrorDetails {
  /** The operation that failed. */
  operation: StoreOperation;
  /** The key of the entry, or the prefix for `list`. */
  key?: string | undefined;
  /** HTTP status, for stores that use HTTP, if a response was received. */
  status?: number | undefined;
  /** The error of the layer below. */
  cause?: unknown;
}

/** A store operation failed: I/O failure, refusal, timeout, bad key. The operation may be retried, or the entry read again. */
export class StoreError extends FermataError {
  readonly code: "FERMATA_STORE" | "FERMATA_STORE_CONFLICT" = "FERMATA_STORE";
  /** The operation that failed. */
  readonly operation: StoreOperation;
  /** The key (for `list`, the prefix), if there was one. */
  readonly key: string | undefined;
  /** HTTP status if the store uses HTTP and a response was received; `undefined` otherwise. */
  readonly status: number | undefined;

  /** For stores of your own: name the operation and the key, and pass the error of the layer below as `cause`. */
  constructor(message: string, details: StoreErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.operation = details.operation;
    this.key = details.key;
    this.status = details.status;
  }

  override get name(): string {
    return "StoreError";
  }
}

/** The data from which a {@link StoreConflictError} is made. */
export interface StoreConflictDetails {
  /** The operation that failed. */
  operation: "put" | "delete";
  /** The key of the entry. */
  key: string;
  /** The version the caller expected; `null` for "must not exist". */
  expected: string | null;
  /** The version found, `null` if there is no entry, `undefined` if the store cannot tell. */
  actual?: string | null | undefined;
  /** HTTP status, for stores that use HTTP. */
  status?: number | undefined;
}

/** Another writer changed the entry first: `ifVersion` no longer matches. Nothing was changed; read the entry again and decide. */
export class StoreConflictError extends StoreError {
  override readonly code = "FERMATA_STORE_CONFLICT";
  declare readonly operation: "put" | "delete";
  declare readonly key: string;
  /** The version the caller expected; `null` for "must not exist". */
  readonly expected: string | null;
  /** The version found, `null` if there is no entry, `undefined` if the store cannot tell. */
  readonly actual: string | null | undefined;

  /** For stores of your own: throw it only if nothing was changed. */
  constructor(details: StoreConflictDetails) {
    const expected = details.expected === null ? "no entry" : `version ${details.expected}`;
    const found =
      details.actual === undefined
        ? ""
        : details.actual === null
          ? ", found no entry"
          : `, found version ${details.actual}`;
    super(`lost the race for ${JSON.stringify(details.key)}: expected ${expected}${found}`, details);
    this.expected = details.expected;
    this.actual = details.actual;
  }

  override get name(): string {
    return "StoreConflictError";
  }
}

/**
 * Why a state cannot be used.
 *
 * - `resumed`: it was resumed before; a snapshot or a fork, taken before that, can be resumed again
 * - `running`: a drive of it is under way
 * - `disposed`: it was disposed, or what it belongs to
 * - `complete`, `failed`: its program has ended
 */
export type StateProblem = "resumed" | "running" | "disposed" | "complete" | "failed";

/** A state, session or runtime can no longer be used: a state was resumed twice, or something was used after `dispose`. */
export class StateError extends FermataError {
  readonly code = "FERMATA_STATE";
  /** Why. */
  readonly reason: StateProblem;

  constructor(message: string, reason: StateProblem = "disposed") {
    super(message);
    this.reason = reason;
  }

  override get name(): string {
    return "StateError";
  }
}

/**
 * Why `answer` refused.
 *
 * - `unknown`: no call of that name or id is pending, or ever was
 * - `ambiguous`: several calls of that name are pending; answer by id
 * - `answered`: the call of that id was answered before
 */
export type AnswerErrorReason = "unknown" | "ambiguous" | "answered";

/** An answer for a call that is not pending, or not the only one of its name. The state stays usable. */
export class AnswerError extends FermataError {
  readonly code = "FERMATA_ANSWER";
  /** The reason, as a stable word. */
  readonly reason: AnswerErrorReason;
  /** The name or id that was given. */
  readonly call: string | number;
  /** The calls that are pending. */
  readonly pending: readonly { readonly id: number; readonly name: string }[];

  constructor(
    reason: AnswerErrorReason,
    call: string | number,
    pending: readonly { readonly id: number; readonly name: string }[],
  ) {
    const what = typeof call === "number" ? `call ${call}` : `call of ${call}`;
    const list = pending.map(({ id, name }) => `${name} (id ${id})`).join(", ");
    super(
      reason === "answered"
        ? `${what} was answered before; pending: ${list}`
        : reason === "ambiguous"
          ? `several calls of ${call} are pending, answer by id: ${list}`
          : `no ${what} is pending; pending: ${list}`,
    );
    this.reason = reason;
    this.call = call;
    this.pending = pending;
  }

  override get name(): string {
    return "AnswerError";
  }
}

/** The signal of a drive was aborted: `cause` is its reason, `state` what can be snapshotted, resumed or disposed. */
export class AbortError extends FermataError {
  readonly code = "FERMATA_ABORTED";

  constructor(reason: unknown) {
    super(reason instanceof Error ? reason.message : `the run was aborted: ${String(reason)}`, { cause: reason });
  }

  override get name(): string {
    return "AbortError";
  }
}

/**
 * Why a runner refused.
 *
 * - `not-found`: the tenant has no run of that id
 * - `unknown-call`: the run has not made a call of that id
 * - `active`: the run has not ended, and what was asked needs one that has
 * - `ended`: the run has ended
 * - `key`: the record is sealed with a key that the runner was not given
 * - `damaged`: the record cannot be read: it was altered, damaged, or belongs to another run
 * - `version`: the record was written by a newer release
 * - `name`: not a valid name for a run, a tenant or a tag
 * - `store`: the store cannot keep runs
 * - `busy`: other writers changed the run each time
 */
export type RunErrorReason =
  "not-found" | "unknown-call" | "active" | "ended" | "key" | "damaged" | "version" | "name" | "store" | "busy";

/** A runner refused what was asked of it. Nothing was changed. */
export class RunError extends FermataError {
  readonly code = "FERMATA_RUN";
  /** The reason, as a stable word. `message` has the details. */
  readonly reason: RunErrorReason;

  constructor(reason: RunErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  override get name(): string {
    return "RunError";
  }
}

/**
 * Fermata itself failed: the wasm core trapped or returned something impossible. The instance was discarded; the program, the
 * runtime and other states are unharmed. Please report it.
 */
export class InternalError extends FermataError {
  readonly code = "FERMATA_INTERNAL";

  override get name(): string {
    return "InternalError";
  }
}
