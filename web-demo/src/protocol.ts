// The messages between the page and its VM worker: plain data only, so that structured clone carries all of it.
//
// Nothing here may import the runtime: the page must stay free of it, and start before it has loaded.

/**
 * Where the program is.
 *
 * - `idle`: nothing was started
 * - `running`: slices of fuel are being spent
 * - `waiting`: the program needs answers or time, and goes on by itself once it has them
 * - `held`: stopped between two instructions, or not waiting any longer, until someone resumes it
 */
export type PlayStatus = "idle" | "running" | "waiting" | "held" | "complete" | "failed";

/** A call of the program that its host has not answered. */
export interface CallView {
  readonly id: number;
  readonly kind: "async" | "sync" | "timer" | "module";
  readonly name: string;
  /** The arguments as source text, one entry each. */
  readonly args: readonly string[];
  /** For timers: when it falls due, in ms of the page's clock. */
  readonly dueAt?: number | undefined;
}

/** An error in a form to show. */
export interface ErrorView {
  readonly title: string;
  readonly message: string;
  /** Stable code of a Fermata error, "" for any other. */
  readonly code: string;
  /** Why a snapshot was refused, as a stable word. */
  readonly reason?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly codeFrame?: string | undefined;
  readonly stack?: string | undefined;
}

/** What a capture took and gave. */
export interface CaptureView {
  /** The snapshot as it is stored and shared. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its size before compression. */
  readonly rawBytes: number;
  /** Time for capture, compression and framing, in ms. */
  readonly milliseconds: number;
}

/** What a snapshot tells about its program. */
export interface RestoredView {
  readonly source: string;
  readonly filename: string;
}

/** A value of the program as it can be shown. */
export interface ValueView {
  readonly type: string;
  readonly text: string;
  readonly id?: number;
  readonly size?: number;
  readonly entries?: readonly { readonly key: string; readonly value: ValueView }[];
  readonly more?: number;
}

/** A function that is under way: on the stack, or suspended. */
export interface FrameView {
  readonly function: string;
  /** It is the program itself. */
  readonly isProgram: boolean;
  readonly line: number | undefined;
  /** Undefined on the stack. */
  readonly kind?: "async" | "generator" | "async-generator";
  /** The id of the call for which it waits. */
  readonly call?: number;
  readonly scopes: readonly {
    readonly kind: string;
    readonly function?: string;
    readonly more?: number;
    readonly variables: readonly { readonly name: string; readonly value: ValueView }[];
  }[];
  readonly this?: ValueView | undefined;
}

/** What is in a snapshot. */
export interface InsideView {
  readonly frames: readonly FrameView[];
  /** Bytes before compression, by part. */
  readonly parts: Readonly<Record<string, number>>;
}

/** The recorded past: positions, and where the page looks. */
export interface TimeView {
  readonly first: number;
  readonly last: number;
  readonly position: number;
}

/** Everything the page shows of a program. */
export interface PlayView {
  readonly status: PlayStatus;
  /** What was written since the last message; all of it if `isWhole`. */
  readonly stdout: string;
  readonly stderr: string;
  readonly isWhole: boolean;
  readonly fuel: number;
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
  readonly hostCalls: number;
  /** Time spent running, waiting left out. */
  readonly timeMs: number;
  readonly calls: readonly CallView[];
  /** Line at which the program is, where known; told with each capture. */
  readonly line?: number | undefined;
  /** The completion value as source text, once complete. */
  readonly result?: string | undefined;
  /** The same to be unfolded, if it has parts. */
  readonly resultTree?: ValueView | undefined;
  readonly error?: ErrorView | undefined;
  /** With each stop, and every few seconds of a run. */
  readonly capture?: CaptureView | undefined;
  /** With each capture. */
  readonly inside?: InsideView | undefined;
  /** While it is not running. */
  readonly time?: TimeView | undefined;
  /** In the first view of a program that was restored. */
  readonly restored?: RestoredView | undefined;
}

/** An answer to a call. */
export type AnswerView = { readonly value: unknown } | { readonly error: string };

/** What the page asks for. Each request is answered by one `Reply` with its number. */
export type Request =
  | { readonly do: "run"; readonly source: string; readonly filename: string; readonly step: boolean }
  | { readonly do: "hold" }
  | { readonly do: "resume" }
  | { readonly do: "step" }
  | { readonly do: "back" }
  | { readonly do: "goTo"; readonly position: number }
  | { readonly do: "check"; readonly source: string; readonly filename: string }
  /** Replied to with the arguments of a pending call, as values. */
  | { readonly do: "args"; readonly call: number }
  /** Replied to with the source as JavaScript. */
  | { readonly do: "strip"; readonly source: string; readonly filename: string }
  | { readonly do: "answer"; readonly call: number; readonly answer: AnswerView }
  | { readonly do: "reset" }
  | { readonly do: "restore"; readonly bytes: Uint8Array<ArrayBuffer> };

export type ToWorker = Request & { readonly number: number };

export type FromWorker =
  | { readonly is: "ready"; readonly milliseconds: number }
  | { readonly is: "broken"; readonly error: ErrorView }
  | { readonly is: "view"; readonly view: PlayView }
  | { readonly is: "reply"; readonly number: number; readonly value: unknown }
  | { readonly is: "checked"; readonly fault: ErrorView | undefined }
  | { readonly is: "refusal"; readonly number: number; readonly error: ErrorView };
