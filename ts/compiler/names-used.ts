// Owns which names a program image uses: names that it does not declare, and all texts in it. Must never run anything.

import { OP } from "../generated/emit.ts";
import { decodeImage, imageStrings } from "./image.ts";

/** Names of the global object. A program that mentions one may read any global as a property of it. */
const GLOBAL_OBJECTS = ["globalThis", "self", "window", "global"];

const READERS: readonly number[] = [OP.GETGLOBAL, OP.TYPEOFGLOBAL, OP.SETGLOBAL, OP.DELGLOBAL];

/** The names that an image uses. */
export class NamesUsed {
  readonly #image: Uint8Array;
  readonly #strings: ReadonlySet<string>;
  #free: ReadonlySet<string> | undefined;

  constructor(image: Uint8Array) {
    this.#image = image;
    this.#strings = new Set(imageStrings(image));
  }

  /** True if the text is in the program: as a property, a specifier, a text of its own. */
  mentions(text: string): boolean {
    return this.#strings.has(text);
  }

  /** True if the program may use the global of that name: as a free name, or as a property of the global object. */
  usesGlobal(name: string): boolean {
    if (!this.#strings.has(name)) return false;
    const free = (this.#free ??= freeNames(this.#image));
    return free.has(name) || GLOBAL_OBJECTS.some((object) => free.has(object));
  }
}

function freeNames(image: Uint8Array): ReadonlySet<string> {
  const { strings, functions } = decodeImage(image);
  const names = new Set<string>();
  for (const { code } of functions)
    for (const { op, operands } of code) if (READERS.includes(op)) names.add(strings[operands[1]!]!);
  return names;
}
