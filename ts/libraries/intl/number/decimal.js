// Owns exact decimal numbers and how they are rounded: `{ negative, digits, point }` is 0.digits × 10^point, without zeros at the ends of
// its digits; zero has none. What is no number has `special`: "nan" or "infinity". https://tc39.es/ecma402/#sec-tointlmathematicalvalue

const ZERO = { negative: false, digits: "", point: 0 };

function made(negative, digits, point) {
  let from = 0;
  while (from < digits.length && digits[from] === "0") from++;
  let end = digits.length;
  while (end > from && digits[end - 1] === "0") end--;
  return from === end
    ? { negative, digits: "", point: 0 }
    : { negative, digits: digits.slice(from, end), point: point - from };
}

/** Of a text such as `-12.5e-7`. */
function ofText(text) {
  const negative = text[0] === "-";
  const from = negative || text[0] === "+" ? 1 : 0;
  let e = text.indexOf("e");
  if (e < 0) e = text.indexOf("E");
  const end = e < 0 ? text.length : e;
  const dot = text.indexOf(".");
  const power = e < 0 ? 0 : Number(text.slice(e + 1));
  if (dot < 0) return made(negative, text.slice(from, end), end - from + power);
  return made(negative, text.slice(from, dot) + text.slice(dot + 1, end), dot - from + power);
}

function ofNumber(x) {
  if (x !== x) return { negative: false, digits: "", point: 0, special: "nan" };
  if (x === Infinity || x === -Infinity) return { negative: x < 0, digits: "", point: 0, special: "infinity" };
  return x === 0 ? (1 / x < 0 ? { negative: true, digits: "", point: 0 } : ZERO) : ofText(String(x));
}

/** Texts have all their digits, other than as numbers. */
function ofLiteral(text) {
  const trimmed = text.trim();
  const number = Number(trimmed);
  if (number !== number || number === Infinity || number === -Infinity || number === 0) return ofNumber(number);
  const second = trimmed[1];
  if (trimmed[0] === "0" && second !== undefined && "xXoObB".includes(second)) return ofText(String(BigInt(trimmed)));
  return ofText(trimmed);
}

/** The exact value of what a program gives to `format`. */
export function decimalOf(value) {
  const kind = typeof value;
  if (kind === "number") return ofNumber(value);
  let primitive = value;
  if ((kind === "object" && value !== null) || kind === "function") primitive = primitiveOf(value);
  if (typeof primitive === "bigint") return ofText(String(primitive));
  return typeof primitive === "string" ? ofLiteral(primitive) : ofNumber(Number(primitive));
}

/** https://tc39.es/ecma262/#sec-toprimitive, for numbers. */
function primitiveOf(value) {
  const isObject = (result) => (typeof result === "object" && result !== null) || typeof result === "function";
  const exotic = value[Symbol.toPrimitive];
  if (exotic !== undefined && exotic !== null) {
    const result = Reflect.apply(exotic, value, ["number"]);
    if (!isObject(result)) return result;
  } else {
    const names = ["valueOf", "toString"];
    for (let i = 0; i < 2; i++) {
      const method = value[names[i]];
      if (typeof method !== "function") continue;
      const result = Reflect.apply(method, value, []);
      if (!isObject(result)) return result;
    }
  }
  throw new TypeError("Cannot convert object to primitive value");
}

export const isZero = (x) => x.digits === "" && x.special === undefined;
/** The power of ten of the first digit. */
export const magnitudeOf = (x) => (x.digits === "" ? 0 : x.point - 1);
export const scaled = (x, power) =>
  x.digits === "" ? x : { negative: x.negative, digits: x.digits, point: x.point + power };

/** Is the number at least as large as the other? Both have no sign and are finite. */
export function sameValue(a, b) {
  return (
    a.special === b.special &&
    a.digits === b.digits &&
    a.negative === b.negative &&
    (a.digits === "" || a.point === b.point)
  );
}

/** -1, 0 or 1: what follows the digit compared with a half of the step. */
function compareWithHalf(rest) {
  if (rest === "" || rest[0] < "5") return -1;
  if (rest[0] > "5") return 1;
  for (let i = 1; i < rest.length; i++) if (rest[i] !== "0") return 1;
  return 0;
}

/** Does a number between two steps go to the larger one? `half`: where it lies; `odd`: the smaller step is odd. */
function goesUp(mode, negative, half, odd) {
  switch (mode) {
    case "ceil":
      return !negative;
    case "floor":
      return negative;
    case "expand":
      return true;
    case "trunc":
      return false;
    case "halfCeil":
      return half > 0 || (half === 0 && !negative);
    case "halfFloor":
      return half > 0 || (half === 0 && negative);
    case "halfTrunc":
      return half > 0;
    case "halfEven":
      return half > 0 || (half === 0 && odd);
    default:
      return half >= 0;
  }
}

/** The digits plus one at the last of them. */
function increased(digits) {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "9") end--;
  const zeros = "0".repeat(digits.length - end);
  return end === 0 ? "1" + zeros : digits.slice(0, end - 1) + (Number(digits[end - 1]) + 1) + zeros;
}

/** Rounds to a multiple of `increment` × 10^-places. */
export function roundToPlaces(x, places, increment, mode) {
  if (x.digits === "") return x;
  const keep = x.point + places;
  if (increment > 1) return roundToIncrement(x, places, keep, increment, mode);
  if (keep >= x.digits.length) return x;
  const kept = keep > 0 ? x.digits.slice(0, keep) : "";
  const rest = keep >= 0 ? x.digits.slice(keep) : "0" + x.digits;
  const odd = kept !== "" && Number(kept[kept.length - 1]) % 2 === 1;
  const up = goesUp(mode, x.negative, compareWithHalf(rest), odd);
  if (!up) return made(x.negative, kept, x.point);
  const grown = kept === "" ? "1" : increased(kept);
  return made(x.negative, grown, grown.length - places);
}

function roundToIncrement(x, places, keep, increment, mode) {
  const whole =
    keep <= 0 ? "" : x.digits.length >= keep ? x.digits.slice(0, keep) : x.digits + "0".repeat(keep - x.digits.length);
  const hasRest = keep < x.digits.length;
  const units = BigInt(whole === "" ? 0 : whole);
  const step = BigInt(increment);
  const left = units % step;
  if (left === 0n && !hasRest) return x;
  const twice = left * 2n;
  let half = twice > step ? 1 : twice < step ? -1 : hasRest ? 1 : 0;
  // An odd step has its half between two units: what follows the digit decides.
  if (twice + 1n === step && hasRest) half = compareWithHalf(keep >= 0 ? x.digits.slice(keep) : "0" + x.digits);
  const steps = units / step;
  const up = goesUp(mode, x.negative, half, steps % 2n === 1n);
  const digits = String((up ? steps + 1n : steps) * step);
  return made(x.negative, digits, digits.length - places);
}

/** Rounds to so many significant digits. */
export function roundToPrecision(x, precision, mode) {
  return x.digits === "" ? x : roundToPlaces(x, precision - x.point, 1, mode);
}

/** The integer and fraction digits as texts, with at least so many. */
export function digitTexts(x, leastInteger, leastFraction) {
  const { digits, point } = x;
  let integer =
    point <= 0 ? "" : digits.length >= point ? digits.slice(0, point) : digits + "0".repeat(point - digits.length);
  let fraction = point >= digits.length ? "" : point >= 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  if (integer.length < leastInteger) integer = "0".repeat(leastInteger - integer.length) + integer;
  if (fraction.length < leastFraction) fraction += "0".repeat(leastFraction - fraction.length);
  return { integer, fraction };
}
