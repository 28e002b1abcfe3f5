// The messages between the page and the Worker that checks types.

/** A type that does not fit, with its place in the source: line and column from 1. */
export interface TypeFinding {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

export interface ToTypes {
  readonly number: number;
  readonly source: string;
}

export interface FromTypes {
  readonly number: number;
  readonly findings: readonly TypeFinding[];
}
