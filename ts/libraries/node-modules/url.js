// Owns the module node:url: the standard's classes, and paths of file URLs. The old `parse` is left out: it reads addresses in another way
// than everything else.

const { URL, URLSearchParams } = globalThis;

function invalid(code, message) {
  return Object.assign(new TypeError(message), { code });
}

/** https://nodejs.org/api/url.html#urlfileurltopathurl-options */
export function fileURLToPath(value) {
  const url = typeof value === "string" ? new URL(value) : value;
  if (url?.protocol === undefined)
    throw invalid("ERR_INVALID_ARG_TYPE", 'The "path" argument must be of type string or an instance of URL.');
  if (url.protocol !== "file:") throw invalid("ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
  if (url.hostname !== "")
    throw invalid("ERR_INVALID_FILE_URL_HOST", 'File URL host must be "localhost" or empty on linux');
  if (/%2f/i.test(url.pathname))
    throw invalid("ERR_INVALID_FILE_URL_PATH", "File URL path must not include encoded / characters");
  return decodeURIComponent(url.pathname);
}

/** https://nodejs.org/api/url.html#urlpathtofileurlpath-options */
export function pathToFileURL(path) {
  const parts = [];
  for (const part of `${path.startsWith("/") ? "" : "/"}${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  const escaped = parts
    .join("/")
    .replace(/%/g, "%25")
    .replace(/\\/g, "%5C")
    .replace(/\n/g, "%0A")
    .replace(/\r/g, "%0D")
    .replace(/\t/g, "%09")
    .replace(/\?/g, "%3F")
    .replace(/#/g, "%23");
  return new URL(`file://${escaped.startsWith("/") ? "" : "/"}${escaped}`);
}

/** https://nodejs.org/api/url.html#urlformaturl-options, of a URL. */
export function format(value, { auth = true, fragment = true, search = true } = {}) {
  const url = new URL(value);
  if (!auth) url.username = url.password = "";
  if (!fragment) url.hash = "";
  if (!search) url.search = "";
  return url.href;
}

export const resolve = (from, to) => new URL(to, from).href;
export const domainToASCII = (domain) => URL.parse(`http://${domain}`)?.hostname ?? "";

export function urlToHttpOptions(url) {
  const { protocol, hostname, hash, search, pathname, href, port, username, password } = url;
  const options = { protocol, hostname, hash, search, pathname, path: `${pathname}${search}`, href };
  if (port !== "") options.port = Number(port);
  if (username !== "" || password !== "")
    options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

export { URL, URLSearchParams };
export default { domainToASCII, fileURLToPath, format, pathToFileURL, resolve, URL, URLSearchParams, urlToHttpOptions };
