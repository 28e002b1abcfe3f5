// Owns the patches about patterns: what an array or an object may contain when a `=` or a `=>` follows it.
import type { Patch } from "./patch.ts";

const OBJECT = "parseObjectLiteralOrPattern";
const ARRAY = "parseArrayExpressionOrPattern";

export const PATTERN_PATCHES: readonly Patch[] = [
  {
    name: "one element of a pattern says nothing about the others",
    why: "What an element cannot be was forgotten when a later one was an array or an object: `({ a: 1, b: {} } = c)` and `[1, [a].b] = c` were programs.",
    edits: [
      [
        `        const { tokenValue, tokenStart, currentLocation } = parser;
        const token = parser.getToken();
        if (token === 14) {
            properties.push(`,
        `        const { tokenValue, tokenStart, currentLocation } = parser;
        const token = parser.getToken();
        const others = destructible;
        destructible = 0;
        if (token === 14) {
            properties.push(`,
      ],
      [
        `        destructible |= parser.destructible;
        if (parser.getToken() !== 18)
            break;
        nextToken(parser, context);`,
        `        destructible |= parser.destructible | others;
        if (parser.getToken() !== 18)
            break;
        nextToken(parser, context);`,
      ],
      [
        `            let left;
            const { tokenStart, tokenValue, currentLocation } = parser;
            const token = parser.getToken();
            if (token & 143360) {
                left =`,
        `            let left;
            const { tokenStart, tokenValue, currentLocation } = parser;
            const token = parser.getToken();
            const others = destructible;
            destructible = 0;
            if (token & 143360) {
                left =`,
      ],
      [
        `            elements.push(left);
            if (consumeOpt`,
        `            destructible |= others;
            elements.push(left);
            if (consumeOpt`,
      ],
    ],
  },
  {
    name: "a call is no target in a pattern",
    why: "`f() = a` is an error when it runs, in sloppy code. `({ a: f() = b } = c)` and `[f() = a] = b` are errors before.",
    edits: [
      ["parser.assignable & 2", "parser.assignable & (2 | 4)", OBJECT, 15],
      [
        `                    if (parser.assignable & 2)
                        parser.report(26);
                    nextToken(parser, context | 32);`,
        `                    if (parser.assignable & 2)
                        parser.report(26);
                    if (parser.assignable & 4)
                        destructible |= 16;
                    nextToken(parser, context | 32);`,
        ARRAY,
        1,
      ],
      [
        `                    if (parser.assignable & 2) {
                        destructible |= 16;
                    }
                    else {
                        scope?.addVarOrBlock`,
        `                    if (parser.assignable & (2 | 4)) {
                        destructible |= 16;
                    }
                    else {
                        scope?.addVarOrBlock`,
        ARRAY,
        1,
      ],
      [
        "if (parser.getToken() !== 1077936155)\n",
        "if (parser.getToken() !== 1077936155 || parser.assignable & 4)\n",
        ARRAY,
        2,
      ],
      [
        "destructible = parser.assignable & 2 ? 16 : 0;",
        "destructible = parser.assignable & (2 | 4) ? 16 : 0;",
        ARRAY,
        1,
      ],
      [
        `                else if (parser.assignable & 2) {
                    destructible |= 16;`,
        `                else if (parser.assignable & (2 | 4)) {
                    destructible |= 16;`,
        ARRAY,
        1,
      ],
      [
        `        if (parser.assignable & 2) {
            destructible |= 16;
        }
        else if (token === closingToken`,
        `        if (parser.assignable & (2 | 4)) {
            destructible |= 16;
        }
        else if (token === closingToken`,
      ],
      [
        `                if (parser.assignable & 2) {
                    destructible |= 16;
                    isNonSimpleParameterList = 1;`,
        `                if (parser.assignable & (2 | 4)) {
                    destructible |= 16;
                    isNonSimpleParameterList = 1;`,
        "parseParenthesizedExpression",
        1,
      ],
      [
        `                if (parser.assignable & 2) {
                    destructible |= 16;
                    isNonSimpleParameterList = 1;`,
        `                if (parser.assignable & (2 | 4)) {
                    destructible |= 16;
                    isNonSimpleParameterList = 1;`,
        "parseAsyncArrowOrCallExpression",
        1,
      ],
    ],
  },
  {
    name: "a rest parameter of an arrow function is a name or a pattern",
    why: "`(...a.b) => c` was an arrow function.",
    edits: [
      [
        `            destructible |= 8;
            break;
        }
        else {
            destructible |= 16;
            expr = parseExpression(`,
        `            destructible |= 8 | (parser.destructible & 32);
            break;
        }
        else {
            destructible |= 16;
            expr = parseExpression(`,
      ],
    ],
  },
  {
    name: "what is spread is an expression",
    why: "`({ ...{ a = 1 } })` was an object.",
    edits: [
      [
        `                closingToken === 1074790415 && token !== 1077936155
                    ? 16
                    : parser.destructible;`,
        `                closingToken === 1074790415 && token !== 1077936155
                    ? 16 | parser.destructible
                    : parser.destructible;`,
      ],
    ],
  },
];
