// Owns the step from what a guest threw to the error its host gets: name, message, stack, position and code frame. Must never
// let a host stack or path stand in for the guest's.

import { Positions } from "../compiler/positions.ts";
import { GuestError, type GuestErrorDetails, type SourcePosition } from "../errors.ts";
import type { ProgramRecord } from "./machine.ts";
import { isPlainData } from "./plain-data.ts";
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

/** What the machine knows of a thrown value beside the value. */
export interface Thrown {
  /** What the guest calls an object that is no error. */
  readonly name?: string | undefined;
  /** Frames of the place where a value was thrown that says nothing of it itself. */
  readonly place?: string | undefined;
}

/** The details of a thrown value that is no error. */
function detailsOfValue(thrown: unknown, name: string | undefined): GuestErrorDetails {
  const isNamed = name !== undefined && name !== "" && name !== "Object";
  const details: GuestErrorDetails = isNamed
    ? { guestName: name, guestMessage: messageOf(thrown) }
    : { guestName: thrown === null ? "null" : typeof thrown, guestMessage: thrownText(thrown) };
  // The elements of a list are no properties of an error.
  if (typeof thrown === "object" && thrown !== null && !Array.isArray(thrown) && !ArrayBuffer.isView(thrown)) {
    const properties = Object.entries(thrown).filter(([, value]) => isPlainData(value));
    if (properties.length > 0) details.properties = Object.fromEntries(properties);
  }
  return details;
}

/** Makes the host's error from what came out of the guest; `refused`: sources that did not compile, by name. */
export function guestErrorOf(
  thrown: unknown,
  programs: readonly ProgramRecord[],
  refused?: ReadonlyMap<string, string>,
  known: Thrown = {},
  depth = 0,
): GuestError {
  if (!isError(thrown)) {
    const details = detailsOfValue(thrown, known.name);
    if (known.place === undefined) return new GuestError(details);
    const position = positionOf(known.place, programs, refused);
    return new GuestError({ ...details, ...position, guestStack: details.guestMessage + known.place });
  }
  const stack = typeof thrown.stack === "string" ? thrown.stack : "";
  const details: GuestErrorDetails = {
    guestName: thrown.name,
    guestMessage: thrown.message,
    guestStack: stack,
    ...positionOf(stack, programs, refused),
  };
  if (details.filename === undefined && known.place !== undefined) {
    details.guestStack = stack + known.place;
    Object.assign(details, positionOf(known.place, programs, refused));
  }
  const within = (value: unknown): unknown =>
    isError(value) && depth < MAX_CAUSES ? guestErrorOf(value, programs, refused, {}, depth + 1) : value;
  if (Object.hasOwn(thrown, "cause")) details.cause = within(thrown.cause);
  const { errors } = thrown as { errors?: unknown };
  if (Array.isArray(errors)) details.errors = errors.map(within);
  const properties = Object.entries(thrown);
  if (properties.length > 0) details.properties = Object.fromEntries(properties);
  return new GuestError(details);
}
