// Owns the module node:path: that of POSIX, by path-browserify.

import path from "path-browserify";

export const {
  basename,
  delimiter,
  dirname,
  extname,
  format,
  isAbsolute,
  join,
  normalize,
  parse,
  relative,
  resolve,
  sep,
} = path;
export const posix = path;
export const toNamespacedPath = (value) => value;
path.toNamespacedPath = toNamespacedPath;
export default path;
