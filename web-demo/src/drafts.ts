// What the user has written, by example: kept in this browser until it is taken back. Must work without storage.

const PREFIX = "fermata-draft:";
const LAST = "fermata-last";

function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    // Forbidden in this frame.
    return undefined;
  }
}

/** The draft of an example; undefined if it is as it was. */
export function draftOf(filename: string): string | undefined {
  return storage()?.getItem(PREFIX + filename) ?? undefined;
}

/** The tools.ts of an example, "" if there is none. */
export const toolsOf = (filename: string): string => draftOf(`${filename}:tools`) ?? "";

export function keepTools(filename: string, source: string): void {
  if (source.trim() === "") dropDraft(`${filename}:tools`);
  else keepDraft(`${filename}:tools`, source);
}

export function keepDraft(filename: string, source: string): void {
  try {
    storage()?.setItem(PREFIX + filename, source);
  } catch {
    // No room: the text is still on the page.
  }
}

export function dropDraft(filename: string): void {
  storage()?.removeItem(PREFIX + filename);
}

/** The example that was open last. */
export function lastOpen(): string | undefined {
  return storage()?.getItem(LAST) ?? undefined;
}

export function noteOpen(filename: string): void {
  try {
    storage()?.setItem(LAST, filename);
  } catch {
    // As above.
  }
}
