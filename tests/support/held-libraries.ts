// Owns the libraries that the scripts of a test file may name: held-anywhere.ts runs them again with these.

import { librariesOf, type LibraryOption } from "../../ts/api/libraries.ts";

const known = new Map<string, LibraryOption>();

/** Notes libraries; of two with one name the later counts. */
export function noteLibraries(libraries: readonly LibraryOption[]): void {
  for (const { library, always } of libraries.flatMap(librariesOf)) known.set(library.name, { library, always });
}

/** The libraries noted, those that are required before those that require them. */
export function notedLibraries(): readonly LibraryOption[] {
  return [...known.values()];
}
