// Links that carry a held program, or a source that has not run: bytes as base64url in the fragment, which browsers send to no server.
//
// The bytes are a stranger's. Nothing here looks inside; the worker's loader verifies them before anything runs.

const KEY = "held";
const CODE = "code";
const TOOLS = "tools";
/** What the address bars and messengers of this world carry without cutting it off. */
export const LONGEST_SAFE_LINK = 32_000;

/** The link to this page that restores the snapshot, with the text of the tools beside it if there is one. */
export async function linkTo(bytes: Uint8Array, tools: string): Promise<string> {
  const beside = tools === "" ? "" : `&${TOOLS}=${await packed(tools)}`;
  return `${location.href.replace(/#.*$/s, "")}#${KEY}=${encode(bytes)}${beside}`;
}

/** The bytes in a fragment; undefined if it holds no program at all, null if what it holds is no base64url. */
export function bytesIn(fragment: string): Uint8Array<ArrayBuffer> | null | undefined {
  const text = new RegExp(`^#${KEY}=([^&]*)(?:&.*)?$`, "s").exec(fragment)?.[1];
  return text === undefined ? undefined : decode(text);
}

/** The text of the tools beside a snapshot; "" if there is none, or if it is damaged. */
export async function toolsIn(fragment: string): Promise<string> {
  const text = new RegExp(`^#${KEY}=[^&]*&${TOOLS}=(.*)$`, "s").exec(fragment)?.[1];
  return text === undefined ? "" : await unpacked(text).catch(() => "");
}

/** A source that is shared before it has run. */
export interface SharedCode {
  readonly filename: string;
  readonly source: string;
  /** The text of tools.ts, "" if there is none. */
  readonly tools: string;
}

/** The link to this page that opens a source. */
export async function linkToCode({ filename, source, tools }: SharedCode): Promise<string> {
  const text = JSON.stringify(tools === "" ? { filename, source } : { filename, source, tools });
  return `${location.href.replace(/#.*$/s, "")}#${CODE}=${await packed(text)}`;
}

const packed = async (text: string): Promise<string> =>
  encode(await bytesOf(new Blob([text]), new CompressionStream("deflate-raw")));

const unpacked = async (text: string): Promise<string> =>
  new TextDecoder().decode(await bytesOf(new Blob([decode(text)!]), new DecompressionStream("deflate-raw")));

/** The source in a fragment; undefined if it holds no source at all, null if it is damaged. */
export async function codeIn(fragment: string): Promise<SharedCode | null | undefined> {
  const text = new RegExp(`^#${CODE}=(.*)$`, "s").exec(fragment)?.[1];
  if (text === undefined) return undefined;
  try {
    const { filename, source, tools = "" } = JSON.parse(await unpacked(text)) as Record<string, unknown>;
    const isSound = typeof filename === "string" && typeof source === "string" && typeof tools === "string";
    return isSound ? { filename, source, tools } : null;
  } catch {
    return null;
  }
}

/** Longer sources come from nobody who means well. */
const MOST_CODE = 4_000_000;

async function bytesOf(blob: Blob, stream: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  const reader = blob
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(Uint8Array.from(part.value));
    size += part.value.length;
    if (size > MOST_CODE) throw new Error("too large");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
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
