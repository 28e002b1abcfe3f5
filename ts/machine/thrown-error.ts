// Owns the part of a host's error that can enter a guest. Must never take its stack, nor fail because of what the error carries.

import { isPlainData } from "./plain-data.ts";

/** By these, programs tell errors apart; many hosts have them as accessors or hide them. */
const CODES = ["code", "status"] as const;
/** Deepest level of nested causes that is followed. */
const MAX_CAUSES = 8;
/** Properties that are taken one by one. */
const OWN: ReadonlySet<string> = new Set(["name", "message", "stack", "cause", "errors", ...CODES]);

/** Reads a member that may be an accessor of the host's; one that throws counts as missing. */
function read(error: object, name: string): unknown {
  try {
    return (error as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined;
  }
}

function isCode(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

/** True if the error has a code or status that is not among its enumerable properties. */
export function hasHiddenCode(error: Error): boolean {
  return CODES.some((name) => !Object.prototype.propertyIsEnumerable.call(error, name) && isCode(read(error, name)));
}

/** Returns a copy of the error with nothing in it that could not cross. */
export function crossing(error: Error, depth = 0): Error {
  // With the prototype, the guest gets an error of the same class of the language.
  const copy = Object.create(Object.getPrototypeOf(error) as object) as Error;
  const set = (name: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(copy, name, { value, enumerable, configurable: true });
  };
  set("name", String(read(error, "name") ?? "Error"), false);
  set("message", String(read(error, "message") ?? ""), false);
  const within = (value: unknown): unknown =>
    value instanceof Error && depth < MAX_CAUSES ? crossing(value, depth + 1) : value;
  const add = (name: string, value: unknown, enumerable: boolean): void => {
    const known = within(value);
    if (isPlainData(known)) set(name, known, enumerable);
  };
  if (Object.hasOwn(error, "cause")) add("cause", read(error, "cause"), false);
  const errors = read(error, "errors");
  if (Array.isArray(errors)) set("errors", errors.map(within).filter(isPlainData), false);
  for (const name of CODES) {
    const value = read(error, name);
    if (isCode(value)) set(name, value, true);
  }
  for (const [name, { value, enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(error))) {
    if (enumerable === true && !OWN.has(name)) add(name, value, true);
  }
  return copy;
}
