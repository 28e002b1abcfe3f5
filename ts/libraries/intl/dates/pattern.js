// Owns patterns of dates: their fields and literals. https://unicode.org/reports/tr35/tr35-dates.html#Date_Format_Patterns

const isLetter = (c) => (c >= "a" && c <= "z") || (c >= "A" && c <= "Z");

/** [letter, length] for a field, ["", text] for a literal. */
export function tokensOf(pattern) {
  const tokens = [];
  let literal = "";
  let isQuoted = false;
  const flush = () => {
    if (literal !== "") tokens[tokens.length] = ["", literal];
    literal = "";
  };
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === "'") {
      if (pattern[i + 1] === "'") {
        literal += "'";
        i++;
      } else isQuoted = !isQuoted;
    } else if (!isQuoted && isLetter(c)) {
      flush();
      let length = 1;
      while (pattern[i + 1] === c) {
        i++;
        length++;
      }
      tokens[tokens.length] = [c, length];
    } else literal += c;
  }
  flush();
  return tokens;
}

/** The pattern of tokens. */
export function patternOf(tokens) {
  let pattern = "";
  for (let i = 0; i < tokens.length; i++) {
    const [letter, value] = tokens[i];
    pattern += letter === "" ? quoted(value) : letter.repeat(value);
  }
  return pattern;
}

function quoted(text) {
  let needs = false;
  for (let i = 0; i < text.length; i++) if (isLetter(text[i]) || text[i] === "'") needs = true;
  return needs ? "'" + text.replaceAll("'", "''") + "'" : text;
}

/** `{0}` and `{1}` of a text replaced. Its own quotes stay: it is a pattern too. */
export function insertInto(text, ...values) {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{" && text[i + 2] === "}") {
      result += values[Number(text[i + 1])];
      i += 2;
    } else result += text[i];
  }
  return result;
}

/** The letters of its fields, as often as they are there. */
export function skeletonOf(pattern) {
  let skeleton = "";
  const tokens = tokensOf(pattern);
  for (let i = 0; i < tokens.length; i++) if (tokens[i][0] !== "") skeleton += tokens[i][0].repeat(tokens[i][1]);
  return skeleton;
}
