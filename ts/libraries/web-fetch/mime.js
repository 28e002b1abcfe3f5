// Owns MIME types as they are read from headers and `data:` URLs.
// https://mimesniff.spec.whatwg.org/#parsing-a-mime-type

const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/;
const QUOTABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** One parameter: a name, `=`, and a quoted text or what comes before the next `;`. */
const PARAMETER = /;[\t\n\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\[^])*)(?:"[^;]*|\\?$)|([^;]*)))?/g;

/** `{ essence, parameters }`, or null. */
export function parseMime(input) {
  const text = input.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  const end = text.indexOf(";");
  const essence = (end < 0 ? text : text.slice(0, end)).replace(/[\t\n\r ]+$/, "");
  const [type, subtype, more] = essence.split("/");
  if (more !== undefined || !TOKEN.test(type) || subtype === undefined || !TOKEN.test(subtype)) return null;
  const parameters = new Map();
  if (end >= 0)
    for (const [, rawName, quoted, plain] of text.slice(end).matchAll(PARAMETER)) {
      const name = rawName.toLowerCase();
      const value = quoted === undefined ? plain?.replace(/[\t\n\r ]+$/, "") : quoted.replace(/\\([^])/g, "$1");
      if (value === undefined || (quoted === undefined && value === "")) continue;
      if (TOKEN.test(name) && QUOTABLE.test(value) && !parameters.has(name)) parameters.set(name, value);
    }
  return { essence: essence.toLowerCase(), parameters };
}

export function serializeMime({ essence, parameters }) {
  let text = essence;
  for (const [name, value] of parameters)
    text += `;${name}=${TOKEN.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
  return text;
}

/** Values of a header at the commas outside quoted texts. */
function splitHeader(text) {
  return [...text.matchAll(/(?:[^,"]|"(?:[^"\\]|\\[^])*(?:"|\\?$))+/g)].map(([part]) => part);
}

/** https://fetch.spec.whatwg.org/#concept-header-extract-mime-type */
export function extractMime(header) {
  let found = null;
  let charset = null;
  if (header === null) return null;
  for (const part of splitHeader(header)) {
    const mime = parseMime(part);
    if (mime === null || mime.essence === "*/*") continue;
    if (mime.essence !== found?.essence) charset = mime.parameters.get("charset") ?? null;
    else if (!mime.parameters.has("charset") && charset !== null) mime.parameters.set("charset", charset);
    found = mime;
  }
  return found;
}
