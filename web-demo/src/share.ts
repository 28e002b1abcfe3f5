// Links that carry a held program: the snapshot's bytes as base64url in the fragment, which browsers send to no server.
//
// The bytes are a stranger's. Nothing here looks inside; the worker's loader verifies them before anything runs.

const KEY = "held";
/** What the address bars and messengers of this world carry without cutting it off. */
export const LONGEST_SAFE_LINK = 32_000;

/** The link to this page that restores the snapshot. */
export function linkTo(bytes: Uint8Array): string {
  return `${location.href.replace(/#.*$/s, "")}#${KEY}=${encode(bytes)}`;
}

/** The bytes in a fragment; undefined if it holds no program at all, null if what it holds is no base64url. */
export function bytesIn(fragment: string): Uint8Array<ArrayBuffer> | null | undefined {
  const text = new RegExp(`^#${KEY}=(.*)$`, "s").exec(fragment)?.[1];
  return text === undefined ? undefined : decode(text);
}

function encode(bytes: Uint8Array): string {
  let binary = "";
  // In pieces: an argument list has a limit.
  for (let i = 0; i < bytes.length; i += 0x2000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  // Messengers like to break long links and to add a full stop.
  const joined = text.replace(/%20|\s/g, "");
  // Looked at from the end: a pattern that ends with $ begins anew at each full stop, and a link may have a million.
  let end = joined.length;
  while (end > 0 && ".,>)]".includes(joined[end - 1]!)) end--;
  const compact = joined.slice(0, end);
  if (compact === "" || !/^[\w-]+$/.test(compact)) return null;
  try {
    return Uint8Array.from(atob(compact.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
