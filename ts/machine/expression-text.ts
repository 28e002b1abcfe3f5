// Owns the text with which error messages name an expression, such as `o.list[0].f`: derived from the source and the failing
// position, in V8's style (https://v8.dev). Must never fail: an expression that it does not understand becomes `(intermediate
// value)`.

import { EXPRESSION_PARTS } from "../defs/exchange.ts";

const UNKNOWN = "(intermediate value)";
const WORD = /[\p{ID_Continue}$\u200c\u200d]/u;
/** Keywords after which an expression begins. */
const OPERATORS = new Set(
  "return typeof void delete in of instanceof new await yield throw case do else extends default if while for with switch catch".split(
    " ",
  ),
);
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const REGEXP = /^\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/;
/** Most characters that are scanned in a bracketed group, and on either side of the offset. */
const CONTEXT_LENGTH = 2000;
/** Most levels of nested expressions that are scanned. */
const DEEP = 20;

/** An operator that joins chains. */
const OPERATOR = /(?:\|\||&&|\?\?|,|[-+*%/&|^](?![-+=&|>*/]))/y;

/** A link of a chain: `.a`, `[a]` or `(...)`. */
function linked(isOptional: boolean, link: string): string {
  return isOptional ? `?.${link.startsWith(".") ? link.slice(1) : link}` : link;
}

const DECLARES = /(?:^|[^\w$.])(?:const|let|var)\s*$/;

class Text {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  private isWord(i: number): boolean {
    const c = this.source[i];
    return c !== undefined && (WORD.test(c) || (c >= "\ud800" && c <= "\udfff"));
  }

  /** Returns the index after the last character before `i` that is neither white space nor in a block comment. */
  back(i: number): number {
    for (;;) {
      while (i > 0 && /\s/.test(this.source[i - 1]!)) i--;
      if (!this.source.startsWith("*/", i - 2)) return i;
      const start = this.source.lastIndexOf("/*", i - 3);
      if (start < 0) return i;
      i = start;
    }
  }

  /** Index of the next character from `i` that is neither space nor in a comment. */
  skip(i: number): number {
    for (;;) {
      while (i < this.source.length && /\s/.test(this.source[i]!)) i++;
      if (this.source.startsWith("/*", i)) i = this.source.indexOf("*/", i) + 2 || this.source.length;
      else if (this.source.startsWith("//", i)) i = this.source.indexOf("\n", i) + 1 || this.source.length;
      else return i;
    }
  }

  wordEnd(i: number): number {
    if (this.source[i] === "#") i++;
    while (this.isWord(i)) i++;
    return i;
  }

  wordStart(end: number): number {
    let i = end;
    while (i > 0 && this.isWord(i - 1)) i--;
    return i > 0 && this.source[i - 1] === "#" ? i - 1 : i;
  }

  /** Index of the property key before a colon. */
  keyBefore(colon: number): number {
    const end = this.back(colon);
    const quote = this.source[end - 1];
    if (quote === '"' || quote === "'") return Math.max(0, this.source.lastIndexOf(quote, end - 2));
    return this.wordStart(end);
  }

  /** Returns the index of the bracket that `i` closes; -1 if that is not clear. */
  private open(i: number): number {
    const stack: string[] = [];
    for (let at = i; at >= 0 && i - at < CONTEXT_LENGTH; at--) {
      const c = this.source[at]!;
      if (OPENING[c] !== undefined) stack.push(OPENING[c]);
      else if (CLOSING[c] !== undefined) {
        if (stack.pop() !== c) return -1;
        if (stack.length === 0) return at;
      } else if (c === '"' || c === "'") {
        at = this.stringStart(at);
        if (at < 0) return -1;
      } else if (c === "`" || (c === "/" && /[/*]/.test(this.source[at - 1] ?? ""))) return -1;
    }
    return -1;
  }

  /** Index of the quote that begins the string which ends at `i`. */
  private stringStart(i: number): number {
    const line = this.source.lastIndexOf("\n", i - 1);
    for (let at = i - 1; at > line; at--) {
      if (this.source[at] === this.source[i] && this.source[at - 1] !== "\\") return at;
    }
    return -1;
  }

  /** Returns the index of the bracket that closes `i`; -1 if that is not clear. */
  close(i: number): number {
    const stack: string[] = [];
    for (let at = i; at < this.source.length && at - i < CONTEXT_LENGTH; at++) {
      const c = this.source[at]!;
      if (CLOSING[c] !== undefined) stack.push(CLOSING[c]);
      else if (OPENING[c] !== undefined) {
        if (stack.pop() !== c) return -1;
        if (stack.length === 0) return at;
      } else if (c === '"' || c === "'") {
        const end = new RegExp(`(?:[^\\\\\\n${c}]|\\\\[^])*${c}`, "y");
        end.lastIndex = at + 1;
        if (!end.test(this.source)) return -1;
        at = end.lastIndex - 1;
      } else if (c === "`") return -1;
      else if (c === "/" && (this.source[at + 1] === "/" || this.source[at + 1] === "*")) at = this.skip(at) - 1;
    }
    return -1;
  }

  /** True if an operand ends before `i`: then a bracket at `i` belongs to it. */
  endsOperand(i: number): boolean {
    const end = this.back(i);
    const c = this.source[end - 1];
    if (c === ")" || c === "]" || c === "!" || c === '"' || c === "'" || c === "`" || c === "}") return c !== "}";
    if (c === "." && this.source[end - 2] === "?") return true;
    if (!this.isWord(end - 1)) return false;
    return (
      !OPERATORS.has(this.source.slice(this.wordStart(end), end)) ||
      this.source[this.back(this.wordStart(end)) - 1] === "."
    );
  }

  /** Returns `[key]` in the form used by messages. */
  private element(open: number, close: number, depth: number): string {
    const key = this.source.slice(open + 1, close).trim();
    const text = /^(["'])(.*)\1$/.exec(key);
    if (text !== null) return `.${text[2]}`;
    const template = /^`([^`$\\]*)`$/.exec(key);
    if (template !== null) return `.${template[1]}`;
    if (/^(?:[\w$.]+|-\d+)$/.test(key)) return `[${key}]`;
    if (/^[\w$.]+ [-+*%/] [\w$.]+$/.test(key)) return `[(${key})]`;
    const found = this.from(open + 1, depth + 1);
    return `[${found !== null && this.skip(found.end) === close ? found.text : UNKNOWN}]`;
  }

  /** Returns the text of the expression that ends before `i`. */
  before(i: number, depth = 0): string {
    const end = this.back(i);
    const c = this.source[end - 1];
    if (c === undefined || depth > DEEP) return UNKNOWN;
    if (this.isWord(end - 1)) {
      const start = this.wordStart(end);
      const word = this.source.slice(start, end);
      const link = this.back(start);
      if (this.source[link - 1] !== "." || this.source[link - 2] === ".") return word === "super" ? UNKNOWN : word;
      const isOptional = this.source[link - 2] === "?";
      return `${this.before(link - (isOptional ? 2 : 1), depth + 1)}${isOptional ? "?." : "."}${word}`;
    }
    switch (c) {
      case "/":
      case "`":
        return this.literalBefore(end, c);
      case "!": // TypeScript: not null
        return this.before(end - 1, depth + 1);
      case '"':
      case "'": {
        const start = this.stringStart(end - 1);
        return start < 0 ? UNKNOWN : `"${this.source.slice(start + 1, end - 1)}"`;
      }
      case ")":
        return this.beforeParenthesis(end - 1, depth);
      case "]": {
        const open = this.open(end - 1);
        if (open < 0) return UNKNOWN;
        if (this.endsOperand(open)) {
          const link = this.back(open);
          const object = this.source.startsWith("?.", link - 2) ? link - 2 : open;
          return this.before(object, depth + 1) + linked(object !== open, this.element(open, end - 1, depth));
        }
        const content = this.source.slice(open + 1, end - 1);
        return /^[\w$, ]*$/.test(content) ? `[${content.replaceAll(" ", "")}]` : UNKNOWN;
      }
      case "}":
        return /\{\s*\}$/.test(this.source.slice(Math.max(0, end - 20), end)) &&
          !this.source.slice(0, end).trimEnd().endsWith(") {}")
          ? "{}"
          : UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  /** Returns the text of a regular expression without flags, or of a template without values, that ends before `end`. */
  private literalBefore(end: number, quote: string): string {
    const start = this.source.lastIndexOf(quote, end - 2);
    const content = this.source.slice(start + 1, end - 1);
    if (start < 0 || this.endsOperand(start) || /[\\\n$]/.test(content)) return UNKNOWN;
    return quote === "`" ? `"${content}"` : `/${content}/`;
  }

  private beforeParenthesis(close: number, depth: number): string {
    const open = this.open(close);
    if (open < 0) return UNKNOWN;
    if (this.endsOperand(open)) {
      const link = this.back(open);
      const isOptional = this.source.startsWith("?.", link - 2);
      const callee = this.before(isOptional ? link - 2 : open, depth + 1);
      if (
        /(?:^|[^\w$.])(?:new|function|async)\s*(?:[\w$.]+\s*)?$/.test(
          this.source.slice(Math.max(0, open - 100), open),
        ) ||
        (callee === UNKNOWN && this.isNew(open))
      )
        return UNKNOWN;
      return `${callee}(...)`;
    }
    const inside = /^\(\s*([\w$.]+)\s*(?:\b(?:as|satisfies)\b[^()]*)?\)$/.exec(this.source.slice(open, close + 1));
    return inside === null ? this.inParentheses(open, close) : inside[1]!;
  }

  /** True if the arguments that begin at `open` are those of `new (…)`. */
  private isNew(open: number): boolean {
    const end = this.back(open);
    const start = this.source[end - 1] === ")" ? this.open(end - 1) : -1;
    return (
      start > 0 && /(?:^|[^\w$.])new$/.test(this.source.slice(Math.max(0, this.back(start) - 4), this.back(start)))
    );
  }

  /** Returns the text of an expression in parentheses, if it is a single chain, or chains joined by one operator. */
  private inParentheses(open: number, close: number, depth = 0): string {
    const first = this.skip(open + 1);
    const sign = /^(?:[!~]|[-+](?![-+])|typeof\b)/.exec(this.source.slice(first, first + 10))?.[0] ?? "";
    let found = this.from(first + sign.length, depth + 1);
    if (found === null) return UNKNOWN;
    if (sign !== "") {
      if (this.skip(found.end) !== close) return UNKNOWN;
      return `(${sign}${sign === "typeof" ? " " : ""}${found.text})`;
    }
    let { text } = found;
    let operator = "";
    for (let at = this.skip(found.end); at < close; at = this.skip(found.end)) {
      OPERATOR.lastIndex = at;
      const next = OPERATOR.exec(this.source)?.[0];
      if (next === undefined || (operator !== "" && operator !== next)) return UNKNOWN;
      operator = next;
      found = this.from(at + operator.length, depth + 1);
      if (found === null) return UNKNOWN;
      text += ` ${operator} ${found.text}`;
    }
    return operator === "" ? text : `(${text})`;
  }

  /** Returns an object literal in the form used by messages, without its values. */
  private literal(content: string): string {
    let values = content === "" ? 0 : 1;
    let depth = 0;
    for (let at = 0; at < content.length; at++) {
      const c = content[at]!;
      if (CLOSING[c] !== undefined) depth++;
      else if (OPENING[c] !== undefined) depth--;
      else if (c === "," && depth === 0 && content.slice(at + 1).trim() !== "") values++;
    }
    return `{${UNKNOWN.repeat(values)}}`;
  }

  /** Returns the chain that begins at `i`, null for any other expression. `calls` false: it ends before the first call. */
  from(i: number, depth = 0, calls = true): { readonly text: string; readonly end: number } | null {
    if (depth > DEEP) return null;
    let at = this.skip(i);
    const c = this.source[at];
    let text: string;
    if (c === undefined) return null;
    if (this.isWord(at)) {
      const end = this.wordEnd(at);
      text = this.source.slice(at, end);
      const nothing = text === "void" ? /^void\s+0\b/.exec(this.source.slice(at, at + 50)) : null;
      if (nothing !== null) return { text: "(void 0)", end: at + nothing[0].length };
      if (OPERATORS.has(text) || /^(?:function|class|async|super)$/.test(text)) return null;
      at = end;
    } else if (c === "(" || c === "[" || c === "{") {
      const close = this.close(at);
      if (close < 0) return null;
      const content = this.source.slice(at + 1, close).trim();
      if (c === "(") text = this.inParentheses(at, close, depth);
      else if (c === "[") text = /^[\w$, ]*$/.test(content) ? `[${content.replaceAll(" ", "")}]` : UNKNOWN;
      else text = this.literal(content);
      at = close + 1;
    } else if (c === "/" && REGEXP.test(this.source.slice(at, at + CONTEXT_LENGTH))) {
      text = REGEXP.exec(this.source.slice(at, at + CONTEXT_LENGTH))![0];
      at += text.length;
    } else if (c === '"' || c === "'") {
      const end = this.source.indexOf(c, at + 1);
      if (end < 0) return null;
      text = `"${this.source.slice(at + 1, end)}"`;
      at = end + 1;
    } else return null;
    for (;;) {
      const next = this.skip(at);
      const d = this.source[next];
      const isOptional = this.source.startsWith("?.", next);
      const link = isOptional ? this.skip(next + 2) : d === "." ? this.skip(next + 1) : next;
      const open = isOptional ? this.source[link] : d;
      if (open === "(" && !calls) return { text, end: at };
      if (open === "[" || open === "(") {
        const close = this.close(link);
        if (close < 0) return null;
        text += linked(isOptional, open === "(" ? "(...)" : this.element(link, close, depth));
        at = close + 1;
      } else if (link !== next && (this.isWord(link) || this.source[link] === "#")) {
        const end = this.wordEnd(link);
        text += (isOptional ? "?." : ".") + this.source.slice(link, end);
        at = end;
      } else if (d === "!" && this.source[next + 1] !== "=") at = next + 1;
      else return { text, end: at };
    }
  }

  /** Does the parenthesis at `open` begin parameters? */
  opensParameters(open: number): boolean {
    const close = this.close(open);
    const next = close < 0 ? close : this.skip(close + 1);
    return next >= 0 && (this.source[next] === "{" || this.source.startsWith("=>", next));
  }

  /** Is the chain that begins at `i` all of a target, and not what `++` or `+=` changes? */
  endsTarget(i: number): boolean {
    const found = this.from(i);
    if (found === null) return false;
    const next = this.skip(found.end);
    return /^(?:$|[,})]|=(?![=>]))/.test(this.source.slice(next, next + 2));
  }

  /** Is what begins at `i` a part of an array pattern, next to others perhaps? */
  isElement(i: number): boolean {
    for (let at = this.back(i) - 1; at >= 0 && i - at < CONTEXT_LENGTH; at--) {
      const c = this.source[at]!;
      if (c === ")" || c === "]" || c === "}") at = this.open(at);
      else if (CLOSING[c] !== undefined || c === ";") return c === "[";
      if (at < 0) return false;
    }
    return false;
  }

  /** Index at which the chain begins in which `i` is a link: of `o.list[0].f` for each of its dots, brackets and names. */
  chainStart(i: number): number {
    let at = this.wordStart(i);
    if (this.source[i] === "]") at = Math.max(0, this.open(i));
    for (let link = this.back(at); link > 0; link = this.back(at)) {
      const c = this.source[link - 1]!;
      if (this.source.startsWith("?.", link - 2)) at = link - 2;
      else if (c === "." && this.source[link - 2] !== ".") at = link - 1;
      else if ((c === ")" || c === "]") && this.open(link - 1) >= 0) at = this.open(link - 1);
      else if (this.isWord(link - 1) && !OPERATORS.has(this.source.slice(this.wordStart(link), link))) {
        // Two words in a row are no chain.
        if (this.isWord(at)) return at;
        at = this.wordStart(link);
      } else return at;
    }
    return at;
  }

  /**
   * Is the chain from `start` to `end` a part of an expression whose value may be another one: an operand of `&&`, `||` or `!`, a branch, a
   * property, a key? V8 locates an iteration there, but does not name the part.
   */
  isPart(start: number, end: number): boolean {
    let at = this.back(start);
    while (this.source[at - 1] === "(") at = this.back(at - 1);
    const before = this.source.slice(Math.max(0, at - 7), at);
    if (/(?:&&|\|\||[^?]\?|[{:![]|\bvoid|\bdelete|\btypeof)$/.test(before)) return true;
    let next = this.skip(end);
    while (this.source[next] === ")") next = this.skip(next + 1);
    return /^(?:&&|\|\||\?\?|\?[^.])/.test(this.source.slice(next, next + 2));
  }

  /** Does the bracket at `i` close a key, and not an array? */
  closesElement(i: number): boolean {
    const open = this.open(i);
    return open > 0 && this.endsOperand(open) && !DECLARES.test(this.source.slice(Math.max(0, open - 10), open));
  }

  /** Indices of the parentheses around `i`, from the inside outwards, as far as no other bracket, template or statement begins between. */
  private *parenthesesAround(i: number): Generator<number, void> {
    for (let at = i - 1; at >= 0 && i - at < CONTEXT_LENGTH; at--) {
      const c = this.source[at]!;
      if (OPENING[c] !== undefined) at = this.open(at);
      else if (c === '"' || c === "'") at = this.stringStart(at);
      else if (c === "[" || c === "{" || c === ";" || c === "`") return;
      else if (c === "(") yield at;
      if (at < 0) return;
    }
  }

  /** Is the place `i` among the parameters of a function, outside of any pattern? */
  isParameter(i: number): boolean {
    for (const open of this.parenthesesAround(i)) return this.opensParameters(open);
    return false;
  }

  /** Is the place `i` in the arguments of a call, outside of any other brackets than plain parentheses? */
  isArgument(i: number): boolean {
    for (const open of this.parenthesesAround(i)) if (this.endsOperand(open)) return true;
    return false;
  }

  /** Index at which the last of the arguments in the parentheses from `open` to `close` begins. */
  lastArgument(open: number, close: number): number {
    let last = this.skip(open + 1);
    for (let at = last; at >= 0 && at < close; at++) {
      const c = this.source[at]!;
      if (CLOSING[c] !== undefined) {
        at = this.close(at);
        if (at < 0) return -1;
      } else if (c === '"' || c === "'" || c === "`") {
        at = this.source.indexOf(c, at + 1);
        if (at < 0) return -1;
      } else if (c === ",") {
        const next = this.skip(at + 1);
        if (next < close) last = next;
      }
    }
    return last;
  }

  /** Returns the whole expression that begins at `i`, if it is just a chain. */
  whole(i: number): string {
    const found = this.from(i);
    if (found === null) return UNKNOWN;
    const rest = this.source.slice(found.end);
    return /^\s*(?:$|[)\]};,]|\/[/*]|\n\s*[\p{ID_Start}@#"'{}]|of\b)/u.test(rest) ? found.text : UNKNOWN;
  }
}

/** Returns `words`, or "" if the expression is unknown. */
function known(words: string): string {
  return words === UNKNOWN ? "" : words;
}

function callee(text: Text, offset: number): string {
  const c = text.source[offset];
  if (c === "(" || c === "`") {
    const link = text.back(offset);
    return text.before(text.source.startsWith("?.", link - 2) ? link - 2 : offset);
  }
  const end = text.wordEnd(offset);
  return end === offset ? "" : known(text.before(end));
}

function constructor(text: Text, offset: number): string {
  if (!text.source.startsWith("new", offset)) return UNKNOWN;
  return text.from(offset + 3, 0, false)?.text ?? UNKNOWN;
}

/** Returns the text of a pattern's initializer, or "" for a property and the call of one, which V8 does not name. */
function declared(words: string): string {
  return /(?:\.[\w$#]+|.\])(?:\(\.\.\.\))?$/.test(words) ? "" : words;
}

/** The words for a call or a `new` with that callee, as `callee` in V8's "callee is not a function or its return value is …". */
function called(words: string): string {
  return words === "" || words === UNKNOWN ? "" : `${words}(...)`;
}

/** Before the pattern that the head of a loop declares. */
const FOR_HEAD = /\bfor\s*(?:await\s*)?\(\s*(?:const|let|var)\s*$/;

/** Returns the text of the expression whose place in stacks is `offset`: its last property, its call, or its beginning. */
function placed(text: Text, offset: number): string {
  const c = text.source[offset]!;
  if (c === "(" && text.opensParameters(offset)) return "";
  if (c === "(" || c === "`") return called(text.before(offset));
  if (c === "[") {
    const close = text.close(offset);
    return close < 0 ? "" : known(text.before(close + 1));
  }
  const link = text.back(offset);
  if (text.source[link - 1] === "." && text.source[link - 2] !== ".") {
    const end = text.wordEnd(offset);
    const words = known(text.before(end));
    return text.source[text.skip(end)] === "(" ? called(words) : words;
  }
  if (/^new\b/.test(text.source.slice(offset, offset + 4))) return called(constructor(text, offset));
  return known(text.whole(offset));
}

/**
 * Returns the text of the expression that is iterated. A `?` before it says that V8 knows it by the callee alone, and "" that it does not
 * name it.
 */
function value(text: Text, offset: number): string {
  const c = text.source[offset];
  // V8 does not name the value assigned to a pattern, nor that of a parameter; of a loop's pattern it shows a name of its own.
  if (c === "=" || /^async\b/.test(text.source.slice(offset, offset + 6))) return "";
  if (c === "]" && !text.closesElement(offset)) return ".for";
  const link = text.back(offset);
  const start = text.chainStart(offset);
  if (text.source[text.back(start) - 1] === "=" && text.isParameter(start)) return "";
  if (text.source[link - 1] === "=") return declared(placed(text, offset));
  if (c === "[" && (!text.endsOperand(offset) || DECLARES.test(text.source.slice(Math.max(0, link - 10), link)))) {
    const close = text.close(offset);
    if (close < 0) return "";
    const next = text.skip(close + 1);
    return /^=(?!=)/.test(text.source.slice(next, next + 2)) ? declared(known(text.whole(next + 1))) : "";
  }
  if (text.isPart(start, c === "]" ? offset + 1 : text.wordEnd(offset))) return "";
  const words = c === "]" ? known(text.before(offset + 1)) : placed(text, offset);
  const update = text.source.slice(Math.max(0, text.back(start) - 2), text.back(start));
  if (update === "++" || update === "--") return words === "" ? "" : `(${update}${words})`;
  if (!text.isArgument(offset)) return words;
  return words.endsWith("(...)") ? `?${words.slice(0, -5)}` : "";
}

/** Returns the text of the last argument of the call at `offset`, if it is spread; `?` if it has no text. */
function spread(text: Text, offset: number): string {
  let open = offset;
  if (/^new\b/.test(text.source.slice(offset, offset + 4)))
    open = text.skip(text.from(offset + 3, 0, false)?.end ?? offset);
  else if (text.source[offset] !== "(") open = text.skip(text.wordEnd(offset));
  if (text.source.startsWith("?.", open)) open = text.skip(open + 2);
  const close = text.source[open] === "(" ? text.close(open) : -1;
  const dots = close < 0 ? -1 : text.lastArgument(open, close);
  return dots >= 0 && text.source.startsWith("...", dots) ? known(text.whole(dots + 3)) || "?" : "";
}

/** Returns the text of the destructured expression; `?` if the pattern's value comes from no expression in the source. */
function destructured(text: Text, offset: number): string {
  const before = text.source[text.back(offset) - 1];
  let open = offset;
  if (text.source[offset] === "{") {
    if (before === "[" && text.endsOperand(text.back(offset) - 1)) return "";
  } else {
    if (before === ":") open = text.keyBefore(text.back(offset) - 1);
    else if (text.source.startsWith("...", text.back(offset) - 3)) open = text.back(offset) - 3;
    const first = text.source[text.back(open) - 1];
    if (first !== "{" && first !== ",") return "";
    if (!text.endsTarget(offset)) return "";
    // From the key outwards to the braces around it.
    let depth = 0;
    for (open--; open >= 0; open--) {
      const c = text.source[open];
      if (c === "}" || c === ")" || c === "]") depth++;
      else if ((c === "{" || c === "(" || c === "[") && depth-- === 0) break;
    }
    if (text.source[open] !== "{") return "";
  }
  // A nested pattern destructures a property, or an element.
  const around = text.back(open);
  if (text.source[around - 1] === ":" || text.isElement(open)) return "";
  // A block begins after other signs than a pattern.
  const lead = text.source.slice(Math.max(0, around - 30), around);
  if (!/[(,[=.]$/.test(lead) && !DECLARES.test(lead)) return "";
  if (FOR_HEAD.test(lead)) return ".for";
  const close = text.close(open);
  if (close < 0) return "?";
  // TypeScript: skip a type annotation.
  const rest = /^\s*(?::[^=;(){}]*(?:\{[^{}]*\}[^=;(){}]*)?)?=(?![=>])/.exec(text.source.slice(close + 1, close + 500));
  return rest === null ? "?" : text.whole(close + 1 + rest[0].length);
}

/** Returns the names of the chain that ends before `i`, such as `a.b["c"]`, and its start; null for any other expression. */
function chain(text: Text, i: number): { readonly names: readonly string[]; readonly start: number } | null {
  const names: string[] = [];
  for (let end = text.back(i); names.length <= DEEP;) {
    let start: number;
    if (text.source[end - 1] === "]") {
      const element = /\[\s*(?:(["'])([^"'\\\n]*)\1|[\w$.]+)\s*\]$/.exec(
        text.source.slice(Math.max(0, end - 200), end),
      );
      if (element === null) return null;
      names.unshift(element[2] ?? "<computed>");
      end = text.back(end - element[0].length);
      if (!text.endsOperand(end)) return null;
      continue;
    }
    start = text.wordStart(end);
    if (start === end) return null;
    const word = text.source.slice(start, end);
    const link = text.back(start);
    const isProperty = text.source[link - 1] === "." && text.source[link - 2] !== ".";
    if (!isProperty && OPERATORS.has(word)) return null;
    // As in V8, `this` is left out here, and members of a prototype are named as their constructor's.
    if (isProperty ? word !== "prototype" : word !== "this") names.unshift(word);
    if (!isProperty) return { names, start };
    end = text.back(link - 1);
  }
  return null;
}

/** Returns `a.b` for the function in `a.b = function () {}`; "" if it is not assigned to a property. */
function assigned(text: Text, offset: number): string {
  let end = text.back(offset);
  // `a.b = a.b || function () {}`
  const fallback = /(?:\|\||&&|\?\?)$/.exec(text.source.slice(Math.max(0, end - 2), end));
  if (fallback !== null) {
    const before = chain(text, end - 2);
    if (before === null) return "";
    end = text.back(before.start);
  }
  let name = "";
  for (let depth = 0; depth < DEEP; depth++) {
    const sign = /(?:^|[^=!<>+\-*/%&|^?])(=|\|\|=|&&=|\?\?=)$/.exec(text.source.slice(Math.max(0, end - 4), end));
    const target = sign === null ? null : chain(text, end - sign[1]!.length);
    if (target === null) break;
    // In a chain of assignments to variables, V8 names the last variable.
    if (name === "" || target.names.length > 1) name = target.names.join(".") + (name === "" ? "" : `.${name}`);
    end = text.back(target.start);
  }
  return name;
}

/** Returns the text for the expression at `offset`; "" if the source has no such expression. */
export function expressionText(source: string, offset: number, what: number): string {
  // A guest may have a source of any length and fail in it any number of times, so each failure scans only part of it.
  const from = Math.max(0, offset - CONTEXT_LENGTH);
  const text = new Text(source.slice(from, offset + CONTEXT_LENGTH));
  const at = offset - from;
  switch (what) {
    case EXPRESSION_PARTS.CALLEE:
      return callee(text, at);
    case EXPRESSION_PARTS.CONSTRUCTOR:
      return constructor(text, at);
    case EXPRESSION_PARTS.VALUE:
      return value(text, at);
    case EXPRESSION_PARTS.ASSIGNED:
      return assigned(text, at);
    case EXPRESSION_PARTS.SPREAD:
      return spread(text, at);
    default:
      return destructured(text, at);
  }
}

/** Recent results by source: a loop may fail at the same places any number of times. */
const lately = new Map<string, Map<number, string>>();
/** Number of sources, and of places in each, that are cached. */
const SOURCES = 8;
const PLACES = 20_000;

/** As {@link expressionText}, but cached. */
export function knownExpressionText(source: string, offset: number, what: number): string {
  let words = lately.get(source);
  if (words === undefined) {
    if (lately.size >= SOURCES) lately.delete(lately.keys().next().value!);
    lately.set(source, (words = new Map()));
  }
  if (words.size >= PLACES) words.clear();
  const key = offset * 8 + what;
  let text = words.get(key);
  if (text === undefined) words.set(key, (text = expressionText(source, offset, what)));
  return text;
}
