// Owns the step from what a guest threw to the error its host gets: name, message, stack, position and code frame. Must never
// let a host stack or path stand in for the guest's.

import { Positions } from "../compiler/positions.ts";
import { GuestError, type GuestErrorDetails, type SourcePosition } from "../errors.ts";
import type { ProgramRecord } from "./machine.ts";
import { lineStartsOf } from "./program-bytes.ts";
import { frameOf, thrownText } from "./thrown-text.ts";

/** Causes of causes are followed this far. */
const MAX_CAUSES = 8;

/** Where the topmost frame of a stack is, in the programs at hand or those that were refused, by name. */
export function positionOf(
  stack: string,
  programs: readonly ProgramRecord[],
  refused?: ReadonlyMap<string, string>,
): SourcePosition {
  for (const line of stack.split("\n")) {
    const position = frameOf(line);
    if (position === undefined) continue;
    const { filename } = position;
    // Of two programs with one name (chunks of a session) the later is the likelier.
    const program = programs.findLast((p) => p.filename === filename);
    const source = program?.source ?? refused?.get(filename);
    if (source === undefined) return position;
    const start = (program?.lineStarts ?? lineStartsOf(source))[position.line - 1];
    if (start === undefined) return position;
    return { ...position, codeFrame: new Positions(source).codeFrame(start + position.column - 1) };
  }
  return {};
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}

/** The message of an object that is no error but has a name of its own. */
function messageOf(thrown: unknown): string {
  const message = thrown !== null && typeof thrown === "object" && "message" in thrown ? thrown.message : undefined;
  return typeof message === "string" ? message : thrownText(thrown);
}

/**
 * Makes the host's error from what came out of the guest; `refused`: sources that did not compile, by name; `name`: what the guest
 * calls an object that is no error.
 */
export function guestErrorOf(
  thrown: unknown,
  programs: readonly ProgramRecord[],
  refused?: ReadonlyMap<string, string>,
  depth = 0,
  name: string | undefined = undefined,
): GuestError {
  if (!isError(thrown)) {
    if (name !== undefined && name !== "" && name !== "Object")
      return new GuestError({ guestName: name, guestMessage: messageOf(thrown) });
    return new GuestError({ guestName: thrown === null ? "null" : typeof thrown, guestMessage: thrownText(thrown) });
  }
  const stack = typeof thrown.stack === "string" ? thrown.stack : "";
  const details: GuestErrorDetails = {
    guestName: thrown.name,
    guestMessage: thrown.message,
    guestStack: stack,
    ...positionOf(stack, programs, refused),
  };
  if (Object.hasOwn(thrown, "cause")) {
    const { cause } = thrown;
    details.cause = isError(cause) && depth < MAX_CAUSES ? guestErrorOf(cause, programs, refused, depth + 1) : cause;
  }
  return new GuestError(details);
}
