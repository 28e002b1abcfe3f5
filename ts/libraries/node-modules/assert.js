// Owns the module node:assert. Messages name both values as console shows them; they have no coloured differences.
// https://nodejs.org/api/assert.html

import { same } from "./equal.js";

const show = (value) => $host.inspect(value, 5);

export class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message ?? `${show(actual)} ${operator} ${show(expected)}`);
    this.name = "AssertionError";
    this.code = "ERR_ASSERTION";
    this.generatedMessage = message === undefined;
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
  }
}

function demand(isRight, message, actual, expected, operator, otherwise) {
  if (isRight) return;
  if (message instanceof Error) throw message;
  const error = new AssertionError({ message: message ?? otherwise, actual, expected, operator });
  error.generatedMessage = message === undefined;
  throw error;
}

const unequal = (what, actual, expected) => `${what}:\n\n${show(actual)} !== ${show(expected)}\n`;

export function ok(value, message = undefined) {
  demand(Boolean(value), message, value, true, "==", "The expression evaluated to a falsy value");
}
export function equal(actual, expected, message = undefined) {
  demand(
    // oxlint-disable-next-line eqeqeq -- what it is for
    actual == expected || (Number.isNaN(actual) && Number.isNaN(expected)),
    message,
    actual,
    expected,
    "==",
    `${show(actual)} == ${show(expected)}`,
  );
}
export function notEqual(actual, expected, message = undefined) {
  // oxlint-disable-next-line eqeqeq -- what it is for
  demand(actual != expected, message, actual, expected, "!=", `${show(actual)} != ${show(expected)}`);
}
export function strictEqual(actual, expected, message = undefined) {
  const otherwise = unequal("Expected values to be strictly equal", actual, expected);
  demand(Object.is(actual, expected), message, actual, expected, "strictEqual", otherwise);
}
export function notStrictEqual(actual, expected, message = undefined) {
  const otherwise = `Expected "actual" to be strictly unequal to: ${show(expected)}`;
  demand(!Object.is(actual, expected), message, actual, expected, "notStrictEqual", otherwise);
}
export function deepEqual(actual, expected, message = undefined) {
  const otherwise = unequal("Expected values to be loosely deep-equal", actual, expected);
  demand(same(actual, expected, false), message, actual, expected, "deepEqual", otherwise);
}
export function notDeepEqual(actual, expected, message = undefined) {
  const otherwise = `Expected "actual" not to be loosely deep-equal to: ${show(expected)}`;
  demand(!same(actual, expected, false), message, actual, expected, "notDeepEqual", otherwise);
}
export function deepStrictEqual(actual, expected, message = undefined) {
  const otherwise = unequal("Expected values to be strictly deep-equal", actual, expected);
  demand(same(actual, expected, true), message, actual, expected, "deepStrictEqual", otherwise);
}
export function notDeepStrictEqual(actual, expected, message = undefined) {
  const otherwise = `Expected "actual" not to be strictly deep-equal to: ${show(expected)}`;
  demand(!same(actual, expected, true), message, actual, expected, "notDeepStrictEqual", otherwise);
}
export function match(text, pattern, message = undefined) {
  const otherwise = `The input did not match the regular expression ${String(pattern)}. Input:\n\n${show(text)}\n`;
  demand(typeof text === "string" && pattern.test(text), message, text, pattern, "match", otherwise);
}
export function doesNotMatch(text, pattern, message = undefined) {
  const otherwise = `The input was expected to not match the regular expression ${String(pattern)}. Input:\n\n${show(text)}\n`;
  demand(typeof text === "string" && !pattern.test(text), message, text, pattern, "doesNotMatch", otherwise);
}
export function fail(message = "Failed") {
  throw message instanceof Error ? message : new AssertionError({ message, operator: "fail" });
}
export function ifError(value) {
  if (value == null) return;
  const message = `ifError got unwanted exception: ${value instanceof Error ? value.message : show(value)}`;
  throw new AssertionError({ message, actual: value, expected: null, operator: "ifError" });
}

/** Whether what was thrown is what was expected: a class, a pattern, an object of properties, or a test. */
function isExpected(error, expected, message, operator) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) return match(String(error), expected, message);
  if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (Error.isPrototypeOf(expected)) {
      const otherwise = `The error is expected to be an instance of "${expected.name}". Received "${error?.name}"\n\nError message:\n\n${error?.message}`;
      return demand(false, message, error, expected, operator, otherwise);
    }
    return demand(
      expected.call({}, error) === true,
      message,
      error,
      expected,
      operator,
      "The validation function did not return true",
    );
  }
  const keys = expected instanceof Error ? [...Object.keys(expected), "name", "message"] : Object.keys(expected);
  for (const key of keys) {
    const isRight =
      expected[key] instanceof RegExp && typeof error[key] === "string"
        ? expected[key].test(error[key])
        : same(error[key], expected[key], true);
    demand(
      isRight,
      message,
      error,
      expected,
      operator,
      unequal(`Expected the error's ${key} to be equal`, error[key], expected[key]),
    );
  }
}

const textOf = (expected, message) => (typeof expected === "string" ? [undefined, expected] : [expected, message]);

export function throws(work, expected = undefined, message = undefined) {
  const [wanted, text] = textOf(expected, message);
  let thrown;
  try {
    work();
  } catch (error) {
    thrown = { error };
  }
  demand(thrown !== undefined, text, undefined, wanted, "throws", "Missing expected exception.");
  isExpected(thrown.error, wanted, text, "throws");
}

export async function rejects(work, expected = undefined, message = undefined) {
  const [wanted, text] = textOf(expected, message);
  const rejected = await (typeof work === "function" ? Promise.resolve(work()) : work).then(
    () => undefined,
    (error) => ({ error }),
  );
  demand(rejected !== undefined, text, undefined, wanted, "rejects", "Missing expected rejection.");
  isExpected(rejected.error, wanted, text, "rejects");
}

const unwanted = (error, message) =>
  new AssertionError({
    message: `Got unwanted exception.\nActual message: "${error?.message}"${typeof message === "string" ? `: ${message}` : ""}`,
    actual: error,
    operator: "doesNotThrow",
  });

export function doesNotThrow(work, expected = undefined, message = undefined) {
  try {
    work();
  } catch (error) {
    throw unwanted(error, textOf(expected, message)[1]);
  }
}

export async function doesNotReject(work, expected = undefined, message = undefined) {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    throw unwanted(error, textOf(expected, message)[1]);
  }
}

const members = {
  AssertionError,
  deepEqual,
  deepStrictEqual,
  doesNotMatch,
  doesNotReject,
  doesNotThrow,
  equal,
  fail,
  ifError,
  match,
  notDeepEqual,
  notDeepStrictEqual,
  notEqual,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
};

const assert = Object.assign((value, message) => ok(value, message), members);
export const strict = Object.assign((value, message) => ok(value, message), members, {
  deepEqual: deepStrictEqual,
  equal: strictEqual,
  notDeepEqual: notDeepStrictEqual,
  notEqual: notStrictEqual,
});
assert.strict = strict;
strict.strict = strict;
export default assert;
