// Owns the message and the place of a syntax error: the parser's wording is replaced by that of V8, which programmers know. Must never
// parse: it looks only at the characters around the place.
//
//   source                       meriyah                               here
//   let x =                      Unexpected token: 'end of source'     Unexpected end of input
//   f(1 2)                       Expected ')'                          missing ) after argument list
//   function f() { await g() }   Unexpected token: 'identifier'        await is only valid in async functions and …
//
// Looking around cannot always be right, as brackets in strings and comments count too. Then a message is less apt, never the verdict.

import { RESERVED_WORDS } from "./reserved-words.ts";

/** A message and the offset it belongs to. */
export interface Explanation {
  readonly message: string;
  readonly offset: number;
}

/** Words before a parenthesis that does not begin a list of arguments. */
const HEADS = new Set("if while for switch with catch return typeof in of await".split(" "));
/** A punctuator, longest first. */
const TOKEN =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()[\];,<>+\-*/%&|^!~?:=.]/y;
/** A name or keyword, as far as its characters say; # begins a private name. */
const WORD = /#?[\p{ID_Start}$_\\](?:[\p{ID_Continue}$\\]|\u200c|\u200d)*/uy;

/** The text that a sticky pattern matches at `at`; null if it does not match there. */
function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** Index after the last character before `at` that is not a space. */
function back(source: string, at: number): number {
  while (at > 0 && /\s/.test(source[at - 1]!)) at--;
  return at;
}

/** The word that ends before `at` and the spaces there, "" if there is no word. Only 100 characters are searched. */
function wordBefore(source: string, at: number): { readonly word: string; readonly start: number } {
  const end = back(source, at);
  const word = /#?[\p{ID_Continue}$]*$/u.exec(source.slice(Math.max(0, end - 100), end))![0];
  return { word, start: end - word.length };
}

/** Start of the operand that ends before `at`: a word, or a bracket with its contents. */
function operandStart(source: string, at: number): number {
  const end = back(source, at);
  const last = source[end - 1] ?? "";
  if (!")]}".includes(last) || last === "") return Math.max(0, wordBefore(source, end).start);
  let depth = 0;
  for (let i = end - 1; i >= 0; i--) {
    if (")]}".includes(source[i]!)) depth++;
    else if ("([{".includes(source[i]!) && --depth === 0) return i;
  }
  return end - 1;
}

/** Index of the innermost bracket that is open at `at`; -1 if no bracket is. */
function openBracket(source: string, at: number): number {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (")]}".includes(source[i]!)) depth++;
    else if ("([{".includes(source[i]!) && depth-- === 0) return i;
  }
  return -1;
}

/** `Unexpected …` for the token at `at`. */
function unexpected(source: string, at: number): Explanation {
  while (at < source.length && /\s/.test(source[at]!)) at++;
  const message = (): string => {
    const c = source[at];
    if (c === undefined) return "Unexpected end of input";
    if (/^\.?\d/.test(source.slice(at, at + 2))) return "Unexpected number";
    if (c === '"' || c === "'") return "Unexpected string";
    if (c === "`") return "Unexpected template string";
    const word = match(WORD, source, at);
    if (word !== null) {
      if (word === "enum" || word === "await") return "Unexpected reserved word";
      return RESERVED_WORDS.has(word) && word !== "enum"
        ? `Unexpected token '${word}'`
        : `Unexpected identifier '${word}'`;
    }
    const token = match(TOKEN, source, at);
    return token === null ? "Invalid or unexpected token" : `Unexpected token '${token}'`;
  };
  return { message: message(), offset: at };
}

/** V8's message for `await` in a function that is not async. */
const AWAIT_ONLY = "await is only valid in async functions and the top level bodies of modules";

/** True if `await` before `at` was meant as the operator: something follows it that could be an operand. */
function isAwaited(word: string, source: string, at: number): boolean {
  return word === "await" && !/[);,\]}]/.test(source[at] ?? ";");
}

/** The explanation for a token that is not the one required there. */
function misplaced(source: string, at: number): Explanation {
  const { word, start } = wordBefore(source, at);
  if (isAwaited(word, source, at)) return { message: AWAIT_ONLY, offset: start };
  if (word === "let" && /[\p{ID_Start}$_[{]/u.test(source[at] ?? "")) {
    return { message: "Lexical declaration cannot appear in a single-statement context", offset: start };
  }
  return unexpected(source, at);
}

/** A `)` is missing. */
function unclosed(source: string, at: number): Explanation {
  const previous = wordBefore(source, at);
  if (isAwaited(previous.word, source, at)) return { message: AWAIT_ONLY, offset: previous.start };
  const open = openBracket(source, at);
  if (open >= 0 && source[open] === "(") {
    const before = back(source, open);
    const { word, start } = wordBefore(source, open);
    const isCall = /[)\]]/.test(source[before - 1] ?? "") || (word !== "" && !HEADS.has(word));
    if (isCall && word !== "function" && wordBefore(source, start).word !== "function")
      return { message: "missing ) after argument list", offset: at };
  }
  return unexpected(source, at);
}

/** A name is declared twice: in a list of parameters V8 has another message. */
function redeclared(name: string, source: string, at: number): Explanation {
  // In a list of parameters, with patterns around it or not.
  for (let open = openBracket(source, at); open >= 0; open = openBracket(source, open)) {
    if (source[open] !== "(") continue;
    const { word } = wordBefore(source, open);
    if (word !== "for" && word !== "catch" && !/\{|;/.test(source.slice(open, at)))
      return { message: "Duplicate parameter name not allowed in this context", offset: at };
    break;
  }
  return { message: `Identifier '${name}' has already been declared`, offset: at };
}

/** A `const` or a pattern without a value. The place is that of the name or pattern. */
function uninitialised(source: string, at: number): Explanation {
  // At the end of the source the parser points to the last token.
  const offset = /^[\p{ID_Start}$_][\p{ID_Continue}$]*\s*$/u.test(source.slice(at)) ? at : operandStart(source, at);
  const kind = "[{".includes(source[offset] ?? " ") ? "destructuring" : "const";
  return { message: `Missing initializer in ${kind} declaration`, offset };
}

/** The left side of an assignment cannot be assigned. */
function badTarget(source: string, at: number): Explanation {
  const offset = operandStart(source, at);
  const { word } = wordBefore(source, at);
  if (word === "eval" || word === "arguments")
    return { message: "Unexpected eval or arguments in strict mode", offset };
  const isPattern = "[{".includes(source[offset] ?? " ") && /[\]}]/.test(source[back(source, at) - 1] ?? "");
  return {
    message: isPattern ? "Invalid destructuring assignment target" : "Invalid left-hand side in assignment",
    offset,
  };
}

/** A pattern for the parser's message, and the message instead or a function that makes it. `name`: the first group of the pattern. */
type Rule = readonly [pattern: RegExp, message: string | ((source: string, at: number, name: string) => Explanation)];

/** A rule with a fixed message at the word before the place, where V8 shows the error. */
const atWordBefore =
  (message: string) =>
  (source: string, at: number): Explanation => ({ message, offset: wordBefore(source, at).start });

/** The first rule that matches applies; a message that no rule matches is kept. */
const RULES: readonly Rule[] = [
  [/^Unexpected token: '(?:identifier|number|string)'$/, misplaced],
  [/^Unexpected token(?:: '.*')?$/, unexpected],
  [/^Expected '\)'$/, unclosed],
  [/^Expected '/, misplaced],
  [
    /^(?:Class declaration must have a name|Class declaration can't appear|The rest operator is missing|Dot property must|Object literal keys)/,
    unexpected,
  ],
  [/^Block body arrows can not be immediately invoked/, unexpected],
  [/^(?:Catch|Finally) without try$/, unexpected],
  [
    /^Duplicate private identifier (#.+)$/,
    (_source, at, name) => ({ message: `Identifier '${name}' has already been declared`, offset: at }),
  ],
  [
    /^(?:Duplicate binding )?'(.+)' (?:has already been declared|shadowed a catch clause binding)$|^Duplicate binding '(.+)'$/,
    (source, at, name) => redeclared(name, source, at),
  ],
  [/^Missing initializer in /, uninitialised],
  [/^'A lexical declaration can't define a 'let' binding/, "let is disallowed as a lexically bound name"],
  [/^Duplicate constructor method in class/, atWordBefore("A class may only have one constructor")],
  [
    /^Private identifier (#.+) is not defined/,
    (source, at, name) => ({
      message: `Private field '${name}' must be declared in an enclosing class`,
      offset: source[at] === "#" ? at : Math.max(0, at - 1),
    }),
  ],
  [/^The first token after the template expression/, "Missing } in template expression"],
  [/^Unterminated regular expression/, "Invalid regular expression: missing /"],
  [/regular expression flag/, "Invalid regular expression flags"],
  [/^cannot use "await" as identifier/, "Unexpected reserved word"],
  [/^Invalid left-hand side in assignment/, badTarget],
  [
    /^Invalid left-hand side in for-/,
    (source, at) => ({ message: "Invalid left-hand side in for-loop", offset: operandStart(source, at) }),
  ],
  [
    /^Invalid increment\/decrement operand/,
    (source, at) => {
      const isPostfix = /^(?:\+\+|--)/.test(source.slice(at, at + 2));
      return {
        message: `Invalid left-hand side expression in ${isPostfix ? "postfix" : "prefix"} operation`,
        offset: isPostfix ? operandStart(source, at) : at,
      };
    },
  ],
  [
    /^'for-(in|of)' loop head declarations can not have an initializer/,
    (_source, at, name) => ({
      message: `for-${name} loop variable declaration may not have an initializer.`,
      offset: at,
    }),
  ],
  [/^new\.target only allowed/, "new.target expression is not allowed here"],
  [/^(?:Member access on super|Calls to super) must/, atWordBefore("'super' keyword unexpected here")],
  [
    /^Octal escape sequences are not allowed in strict mode/,
    (source, at) => ({
      message: `Octal ${/\d/.test(source[at] ?? "") ? "literals" : "escape sequences"} are not allowed in strict mode.`,
      offset: at,
    }),
  ],
  [/^Calling delete on expression/, "Delete of an unqualified identifier in strict mode."],
  [
    /^Unary expressions as the left operand of an exp/,
    "Unary operator used immediately before exponentiation expression. Parenthesis must be used to disambiguate operator precedence",
  ],
  [/^Getter functions must have exactly no/, "Getter must not have any formal parameters."],
  [/^Setter functions must have exactly one/, "Setter must have exactly one formal parameter."],
  [/^Class constructor may not be a accessor/, atWordBefore("Class constructor may not be an accessor")],
  [/^Function declaration must have a name/, "Function statements require a function name"],
  [/^Unicode codepoint must not be greater/, "Undefined Unicode code-point"],
  [
    /^(?:Invalid rest argument|The binding declaration is not destructible)/,
    (source, at) => {
      const isRest = /\.\.\.[^,]*,?\s*[^,]*$/.test(source.slice(0, at + 1));
      if (!isRest) return { message: "Invalid destructuring target", offset: at };
      const open = openBracket(source, at);
      return {
        message:
          source[open] === "(" ? "Rest parameter must be last formal parameter" : "Rest element must be last element",
        offset: at,
      };
    },
  ],
];

/**
 * The explanation for a parser error at `at`; `isEnd`: it is at the end of the source.
 */
export function explain(description: string, source: string, at: number, isEnd: boolean): Explanation {
  if (isEnd && /^(?:Unexpected|Expected|Dot property)/.test(description)) {
    const isCall = description === "Expected ')'" && unclosed(source, source.length).message.startsWith("missing");
    return {
      message: isCall ? "missing ) after argument list" : "Unexpected end of input",
      offset: back(source, source.length),
    };
  }
  for (const [pattern, rule] of RULES) {
    const found = pattern.exec(description);
    if (found === null) continue;
    return typeof rule === "string" ? { message: rule, offset: at } : rule(source, at, found[1] ?? found[2] ?? "");
  }
  return { message: description, offset: at };
}

/** The host's own stack was not enough for a source. */
export const TOO_DEEP = "nesting too deep";

/** The deepest place of a source that is nested too deeply, judged by its brackets. */
export function deepest(source: string): number {
  let depth = 0;
  let most = 0;
  let place = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source.charCodeAt(i);
    if (c === 40 || c === 91 || c === 123) {
      if (++depth > most) {
        most = depth;
        place = i;
      }
    } else if (c === 41 || c === 93 || c === 125) depth--;
  }
  return place;
}
