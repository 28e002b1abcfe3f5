// Owns patterns of numbers such as `#,##0.00 ¤;(#,##0.00 ¤)`. https://unicode.org/reports/tr35/tr35-numbers.html#Number_Format_Patterns

const isPlaceholder = (c) => c === "#" || c === "0" || c === "," || c === ".";

/** The text before or after the number: `[kind, text]`, where the kind is "" for plain text, or the sign. */
function readAffix(text) {
  const tokens = [];
  let plain = "";
  let isQuoted = false;
  const flush = () => {
    if (plain !== "") tokens[tokens.length] = ["", plain];
    plain = "";
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "'") {
      if (text[i + 1] === "'") {
        plain += "'";
        i++;
      } else isQuoted = !isQuoted;
    } else if (!isQuoted && (c === "-" || c === "+" || c === "%" || c === "¤")) {
      flush();
      tokens[tokens.length] = [c, c];
    } else plain += c;
  }
  flush();
  return tokens;
}

/** Where the digits of a pattern begin and end; a pattern without digits has none. */
function digitsIn(text) {
  let isQuoted = false;
  let from = -1;
  let to = -1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && isPlaceholder(text[i])) {
      // A full stop after the digits, with nothing after it, is text.
      if (from < 0) {
        if (text[i] === "," || text[i] === ".") continue;
        from = i;
      }
      if (to >= 0 && to < i) continue;
      to = i + 1;
    }
  }
  return from < 0 ? [text.length, text.length] : [from, to];
}

function readHalf(text) {
  const [from, to] = digitsIn(text);
  return {
    __proto__: null,
    prefix: readAffix(text.slice(0, from)),
    digits: text.slice(from, to),
    suffix: readAffix(text.slice(to)),
  };
}

/** `{ prefix, suffix, digits, negative }`, of which the last is a half of its own, or undefined. */
export function readPattern(pattern) {
  const at = pattern.indexOf(";");
  const half = readHalf(at < 0 ? pattern : pattern.slice(0, at));
  half.negative = at < 0 ? undefined : readHalf(pattern.slice(at + 1));
  return half;
}

/** [digits in the group next to the point, digits in the others]; 0: no groups. */
export function groupSizes(digits) {
  const dot = digits.indexOf(".");
  const integer = dot < 0 ? digits : digits.slice(0, dot);
  const last = integer.lastIndexOf(",");
  if (last < 0) return [0, 0];
  const before = integer.lastIndexOf(",", last - 1);
  const primary = integer.length - last - 1;
  return [primary, before < 0 ? primary : last - before - 1];
}

const has = (tokens, sign) => tokens.some(([kind]) => kind === sign);

/**
 * The tokens around a number with its sign, which is "-", "+" or "". `approximately`: the number is about that.
 * As ICU does it: the negative half of the pattern is taken for a plus, if it has a minus to be replaced.
 */
export function affixesFor(half, sign, approximately) {
  const { negative } = half;
  const replaced = sign === "+" || approximately;
  const minusInside = negative !== undefined && (has(negative.prefix, "-") || has(negative.suffix, "-"));
  const usesNegative = negative !== undefined && (sign === "-" || (minusInside && replaced));
  const { prefix, suffix } = usesNegative ? negative : half;
  const own = (approximately ? "~" : "") + sign;
  const signed = [];
  for (let i = 0; i < own.length; i++) signed[i] = [own[i], own[i]];
  const withSign = (tokens) => tokens.flatMap((token) => (token[0] === "-" ? signed : [token]));
  if (usesNegative) return [withSign(prefix), withSign(suffix)];
  return [signed.concat(prefix), suffix];
}
