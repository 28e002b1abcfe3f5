// Owns the module node:querystring.
// https://nodejs.org/api/querystring.html

export function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return $host.node.Buffer.from(
      text.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
      "latin1",
    ).toString();
  }
}

export function escape(value) {
  const text = typeof value === "object" && value !== null ? String(value) : `${value}`;
  return encodeURIComponent(text);
}

function textOf(value) {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : "";
  return typeof value === "bigint" || typeof value === "boolean" ? `${value}` : "";
}

export function stringify(object, separator = "&", equals = "=", options = undefined) {
  if (typeof object !== "object" || object === null) return "";
  const encode = options?.encodeURIComponent ?? escape;
  return Object.entries(object)
    .flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `${encode(key)}${equals || "="}${encode(textOf(one))}`),
    )
    .join(separator || "&");
}

export function parse(text, separator = "&", equals = "=", options = undefined) {
  const result = Object.create(null);
  if (typeof text !== "string" || text === "") return result;
  const decode = options?.decodeURIComponent ?? unescape;
  const most = options?.maxKeys ?? 1000;
  const mark = equals || "=";
  const parts = text.split(separator || "&").filter((part) => part !== "");
  for (const part of most > 0 ? parts.slice(0, most) : parts) {
    const at = part.indexOf(mark);
    const key = decode((at < 0 ? part : part.slice(0, at)).replace(/\+/g, " "));
    const value = at < 0 ? "" : decode(part.slice(at + mark.length).replace(/\+/g, " "));
    if (!(key in result)) result[key] = value;
    else if (Array.isArray(result[key])) result[key].push(value);
    else result[key] = [result[key], value];
  }
  return result;
}

export const encode = stringify;
export const decode = parse;
export default { decode, encode, escape, parse, stringify, unescape };
