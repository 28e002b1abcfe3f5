// Owns the list of builtin files. The key is the file of assembly/builtins/ in which the natives of that file live.
import { CORE, ORDINARY } from "./core.ts";
import { OBJECT } from "./object.ts";
import { EVALUATE } from "./evaluate.ts";
import { FUNCTION } from "./function.ts";
import { REFLECT } from "./reflect.ts";
import { BIGINT } from "./bigint.ts";
import { PROXY } from "./proxy.ts";
import { PROMISE } from "./promise.ts";
import { GENERATOR } from "./generator.ts";
import { REALM } from "./realm.ts";
import { GLOBAL } from "./global.ts";
import { SYMBOL } from "./symbol.ts";
import { BOOLEAN } from "./boolean.ts";
import { CALL_SITE } from "./call-site.ts";
import { ERROR } from "./error.ts";
import { NUMBER } from "./number.ts";
import { MATH } from "./math.ts";
import { STRING, STRING_PARTS } from "./string.ts";
import { ARRAY_ITERATOR, ITERABLES, ARRAY_SEARCH, ARRAY_SORT, ARRAYS } from "./array.ts";
import { ITERATOR } from "./iterator.ts";
import { MAPS } from "./map.ts";
import { WEAK } from "./weak.ts";
import { JSON_PARSE, JSON_STRINGIFY } from "./json.ts";
import { REGEXP, REGEXP_LEGACY } from "./regexp.ts";
import { CONSOLE } from "./console.ts";
import { DATE } from "./date.ts";
import { CLONE } from "./clone.ts";
import { ARRAY_BUFFER } from "./array-buffer.ts";
import { TYPED_ARRAY } from "./typed-array.ts";
import { ENCODING } from "./encoding.ts";
import { DISPOSABLE } from "./disposable.ts";
import { ATOMICS } from "./atomics.ts";
import { WEB } from "./web.ts";
import { MODULE } from "./module.ts";
import type { BuiltinFile } from "./rows.ts";

export const BUILTIN_FILES: Readonly<Record<string, BuiltinFile>> = {
  core: CORE,
  ordinary: ORDINARY,
  object: OBJECT,
  function: FUNCTION,
  reflect: REFLECT,
  bigint: BIGINT,
  proxy: PROXY,
  promise: PROMISE,
  generator: GENERATOR,
  realm: REALM,
  global: GLOBAL,
  symbol: SYMBOL,
  boolean: BOOLEAN,
  error: ERROR,
  "call-site": CALL_SITE,
  number: NUMBER,
  math: MATH,
  string: STRING,
  "string-parts": STRING_PARTS,
  array: ARRAYS,
  "array-search": ARRAY_SEARCH,
  "array-sort": ARRAY_SORT,
  "array-iterator": ARRAY_ITERATOR,
  iterables: ITERABLES,
  iterator: ITERATOR,
  map: MAPS,
  weak: WEAK,
  "json-parse": JSON_PARSE,
  "json-stringify": JSON_STRINGIFY,
  regexp: REGEXP,
  "regexp-legacy": REGEXP_LEGACY,
  console: CONSOLE,
  clone: CLONE,
  evaluate: EVALUATE,
  "array-buffer": ARRAY_BUFFER,
  "typed-array": TYPED_ARRAY,
  encoding: ENCODING,
  disposable: DISPOSABLE,
  date: DATE,
  module: MODULE,
  web: WEB,
  atomics: ATOMICS,
};
