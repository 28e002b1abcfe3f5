// Owns the conversion of a value thrown by a guest to the host's error: name, message, stack, position and code frame. Must never
// substitute a host stack or path for the guest's.

import { Positions } from "../compiler/positions.ts";
import { GuestError, type GuestErrorDetails, type SourcePosition } from "../errors.ts";
import { isPlainData } from "./plain-data.ts";
import { lineStartsOf } from "./program-bytes.ts";
import type { ProgramRecord } from "./records.ts";
import { frameOf, thrownText } from "./thrown-text.ts";

/** Deepest level of nested causes that is followed. */
const MAX_CAUSES = 8;
/** Most errors that are described, of all that one error has inside; the others are as they crossed. */
const MAX_ERRORS = 1000;
/** Most code frames: each takes a look at the whole source. */
const MAX_FRAMES = 20;

/** What describing one error may still take. */
interface Room {
  errors: number;
  frames: number;
}

const roomFor = (): Room => ({ errors: MAX_ERRORS, frames: MAX_FRAMES });

/**
 * Returns the position of a stack's topmost frame, in the given programs or in modules that failed to compile, by name. Of frames of
 * libraries, whose source is not kept, it is only told if there are no others.
 */
export function positionOf(
  stack: string,
  programs: readonly ProgramRecord[],
  refused?: ReadonlyMap<string, string>,
  room = roomFor(),
): SourcePosition {
  let inLibrary: SourcePosition = {};
  for (const line of stack.split("\n")) {
    const position = frameOf(line);
    if (position === undefined) continue;
    const { filename } = position;
    // Of two programs with the same name (chunks of a session), the later one is more likely.
    const program = programs.findLast((p) => p.filename === filename);
    if (program?.library !== undefined) {
      if (inLibrary.filename === undefined) inLibrary = position;
      continue;
    }
    const source = program?.source ?? refused?.get(filename);
    if (source === undefined) return position;
    const start = (program?.lineStarts ?? lineStartsOf(source))[position.line - 1];
    if (start === undefined || --room.frames < 0) return position;
    return { ...position, codeFrame: new Positions(source).codeFrame(start + position.column - 1) };
  }
  return inLibrary;
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}

/** Returns the message of an object that is not an error but has a name. */
function messageOf(thrown: unknown): string {
  const message = thrown !== null && typeof thrown === "object" && "message" in thrown ? thrown.message : undefined;
  return typeof message === "string" ? message : thrownText(thrown);
}

/** What the machine knows of a thrown value besides the value itself. */
export interface Thrown {
  /** Name of the constructor of a thrown object that is not an error. */
  readonly name?: string | undefined;
  /** Stack frames of the throw, for a value that does not record them itself. */
  readonly place?: string | undefined;
}

/** Returns the details of a thrown value that is not an error. */
function detailsOfValue(thrown: unknown, name: string | undefined): GuestErrorDetails {
  const isNamed = name !== undefined && name !== "" && name !== "Object";
  const details: GuestErrorDetails = isNamed
    ? { guestName: name, guestMessage: messageOf(thrown) }
    : { guestName: thrown === null ? "null" : typeof thrown, guestMessage: thrownText(thrown) };
  // The elements of a list do not become properties of an error.
  if (typeof thrown === "object" && thrown !== null && !Array.isArray(thrown) && !ArrayBuffer.isView(thrown)) {
    const properties = Object.entries(thrown).filter(([, value]) => isPlainData(value));
    if (properties.length > 0) details.properties = Object.fromEntries(properties);
  }
  return details;
}

/** Makes the host's error from a value thrown by the guest. `refused`: sources that failed to compile, by name. */
export function guestErrorOf(
  thrown: unknown,
  programs: readonly ProgramRecord[],
  refused?: ReadonlyMap<string, string>,
  known: Thrown = {},
  depth = 0,
  room = roomFor(),
): GuestError {
  if (!isError(thrown)) {
    const details = detailsOfValue(thrown, known.name);
    if (known.place === undefined) return new GuestError(details);
    const position = positionOf(known.place, programs, refused, room);
    return new GuestError({ ...details, ...position, guestStack: details.guestMessage + known.place });
  }
  const stack = typeof thrown.stack === "string" ? thrown.stack : "";
  const details: GuestErrorDetails = {
    guestName: thrown.name,
    guestMessage: thrown.message,
    guestStack: stack,
    ...positionOf(stack, programs, refused, room),
  };
  if (details.filename === undefined && known.place !== undefined) {
    details.guestStack = stack + known.place;
    Object.assign(details, positionOf(known.place, programs, refused, room));
  }
  const within = (value: unknown): unknown =>
    isError(value) && depth < MAX_CAUSES && --room.errors >= 0
      ? guestErrorOf(value, programs, refused, {}, depth + 1, room)
      : value;
  if (Object.hasOwn(thrown, "cause")) details.cause = within(thrown.cause);
  const { errors } = thrown as { errors?: unknown };
  if (Array.isArray(errors)) details.errors = errors.map(within);
  const properties = Object.entries(thrown);
  if (properties.length > 0) details.properties = Object.fromEntries(properties);
  return new GuestError(details);
}
