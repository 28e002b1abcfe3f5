// Owns the patches about `await` and `using`.
import type { Patch } from "./patch.ts";

export const AWAIT_PATCHES: readonly Patch[] = [
  {
    name: "option globalAwait",
    why: "A script has no top-level await, and a module is strict: what a REPL or a console runs is neither.",
    edits: [
      [
        `    if (parser.options.impliedStrict)
        context |= 1;
`,
        `    if (parser.options.impliedStrict)
        context |= 1;
    if (parser.options.globalAwait)
        context |= 2048;
`,
      ],
      [
        `            (context & 2) === 0 &&
            (context & 4096) === 0) {
            parser.report(30, KeywordDescTable[parser.getToken() & 255]);`,
        `            (context & 2) === 0 &&
            (context & 4096) === 0 &&
            !parser.options.globalAwait) {
            parser.report(30, KeywordDescTable[parser.getToken() & 255]);`,
      ],
    ],
  },
  {
    name: "await and yield in parameters of arrow functions",
    why: "An `await` or `yield` of a function or a body within a default made an error of `(a = async () => (await b)) => c`, and one without parentheses around it was not found: `(a = b ? await c : d) => e`.",
    edits: [
      [
        `    if (inGroup) {
        if ((parser.destructible & 256) === 0) {
            parser.firstYieldLocation ??= { start, end: parser.currentLocation };
        }
        parser.destructible |= 256;
    }`,
        `    parser.firstYieldLocation ??= { start, end: parser.currentLocation };
    parser.destructible |= 256;`,
      ],
      [
        `    if (inGroup) {
        if ((parser.destructible & 128) === 0) {
            parser.firstAwaitLocation ??= { start, end: parser.currentLocation };
        }
        parser.destructible |= 128;
    }`,
        `    parser.firstAwaitLocation ??= { start, end: parser.currentLocation };
    parser.destructible |= 128;`,
      ],
      [
        `        if (context & (2048 | 2) && destructible & 128) {
            const loc`,
        `        if (context & (2048 | 2) && (destructible & 128 || parser.firstAwaitLocation)) {
            const loc`,
      ],
      [
        `            parser.report(31);
        }
        if (context & (1 | 1024) && destructible & 256) {
            const loc = parser.firstYieldLocation;
            if (loc)
                throw new ParseError(loc.start, loc.end, 32);
            parser.report(32);
        }
        if (isNonSimpleParameterList)
            parser.flags |= 128;
        if (hasStrictReserved)`,
        `            parser.report(31);
        }
        if (context & (1 | 1024) && (destructible & 256 || parser.firstYieldLocation)) {
            const loc = parser.firstYieldLocation;
            if (loc)
                throw new ParseError(loc.start, loc.end, 32);
            parser.report(32);
        }
        if (isNonSimpleParameterList)
            parser.flags |= 128;
        if (hasStrictReserved)`,
      ],
      [
        `        if (destructible & 128) {
            const loc`,
        `        if (destructible & 128 || parser.firstAwaitLocation) {
            const loc`,
      ],
      [
        `        if (context & (1 | 1024) && destructible & 256) {
            const loc = parser.firstYieldLocation;
            if (loc)
                throw new ParseError(loc.start, loc.end, 32);
            parser.report(32);
        }
        if (isNonSimpleParameterList)
            parser.flags |= 128;
        return parseParenthesizedArrow`,
        `        if (context & (1 | 1024) && (destructible & 256 || parser.firstYieldLocation)) {
            const loc = parser.firstYieldLocation;
            if (loc)
                throw new ParseError(loc.start, loc.end, 32);
            parser.report(32);
        }
        if (isNonSimpleParameterList)
            parser.flags |= 128;
        return parseParenthesizedArrow`,
      ],
      [
        `    const contextAround = context;
    const contextOfName`,
        `    const contextAround = context;
    const { destructible, firstAwaitLocation, firstYieldLocation } = parser;
    const contextOfName`,
      ],
      [
        `    parser.assignable = 2;
    return parser.finishNode({
        type: 'FunctionExpression',
        id,`,
        `    parser.assignable = 2;
    restoreSuspensions(parser, destructible, firstAwaitLocation, firstYieldLocation);
    return parser.finishNode({
        type: 'FunctionExpression',
        id,`,
      ],
      [
        `    const contextAround = context;
    const modifierFlags = 1024 |
        2048 |
        8192 |
        ((kind`,
        `    const contextAround = context;
    const { destructible, firstAwaitLocation, firstYieldLocation } = parser;
    const modifierFlags = 1024 |
        2048 |
        8192 |
        ((kind`,
      ],
      [
        `    return parser.finishNode({
        type: 'FunctionExpression',
        params,`,
        `    restoreSuspensions(parser, destructible, firstAwaitLocation, firstYieldLocation);
    return parser.finishNode({
        type: 'FunctionExpression',
        params,`,
      ],
      [
        `    const expression = parser.getToken() !== 2162700;
    let body;`,
        `    const { destructible, firstAwaitLocation, firstYieldLocation } = parser;
    const expression = parser.getToken() !== 2162700;
    let body;`,
      ],
      [
        `    parser.assignable = 2;
    return parser.finishNode({
        type: 'ArrowFunctionExpression',`,
        `    parser.assignable = 2;
    restoreSuspensions(parser, destructible, firstAwaitLocation, firstYieldLocation);
    return parser.finishNode({
        type: 'ArrowFunctionExpression',`,
      ],
      [
        `function parseStaticBlock(parser, context, scope, privateScope, start) {
`,
        `function restoreSuspensions(parser, destructible, firstAwaitLocation, firstYieldLocation) {
    parser.destructible = (parser.destructible & -385) | (destructible & 384);
    parser.firstAwaitLocation = firstAwaitLocation;
    parser.firstYieldLocation = firstYieldLocation;
}
function parseStaticBlock(parser, context, scope, privateScope, start) {
    const { destructible, firstAwaitLocation, firstYieldLocation } = parser;
`,
      ],
      [
        `    return parseBlock(parser, context, scope, privateScope, {}, start, 'StaticBlock', 4);`,
        `    const block = parseBlock(parser, context, scope, privateScope, {}, start, 'StaticBlock', 4);
    restoreSuspensions(parser, destructible, firstAwaitLocation, firstYieldLocation);
    return block;`,
      ],
      [
        `        nextToken(parser, (context & -3073) | 32);
        const { tokenStart } = parser;
        if (parser.getToken() === 537079928)`,
        `        const { destructible, firstAwaitLocation, firstYieldLocation } = parser;
        nextToken(parser, (context & -3073) | 32);
        const { tokenStart } = parser;
        if (parser.getToken() === 537079928)`,
      ],
      [
        `            value = parseAssignmentExpression(parser, context | 16, privateScope, 0, 0, tokenStart, value);
        }
    }
    matchOrInsertSemicolon(parser, context);`,
        `            value = parseAssignmentExpression(parser, context | 16, privateScope, 0, 0, tokenStart, value);
        }
        restoreSuspensions(parser, destructible, firstAwaitLocation, firstYieldLocation);
    }
    matchOrInsertSemicolon(parser, context);`,
      ],
      [
        `            if (flags & 1)
                parser.report(48);
            return parseParenthesizedArrow(`,
        `            if (flags & 1)
                parser.report(48);
            parser.firstAwaitLocation = previousFirstAwaitLocation;
            parser.firstYieldLocation = previousFirstYieldLocation;
            return parseParenthesizedArrow(`,
      ],
      [
        `        return parseParenthesizedArrow(parser, contextAround, scope, privateScope, params, canAssign, 1, start);`,
        `        parser.firstAwaitLocation = previousFirstAwaitLocation;
        if (previousFirstYieldLocation)
            parser.firstYieldLocation = previousFirstYieldLocation;
        return parseParenthesizedArrow(parser, contextAround, scope, privateScope, params, canAssign, 1, start);`,
      ],
    ],
  },
];
