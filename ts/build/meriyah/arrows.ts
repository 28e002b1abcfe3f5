// Owns the patches about arrow functions and about the tokens that may follow a complete expression.
import type { Patch } from "./patch.ts";

export const ARROW_PATCHES: readonly Patch[] = [
  {
    name: "nothing continues after an arrow function with a block",
    why: "A line that begins with `++x`, `+x`, `(x)`, `[x]` or a template belonged to the arrow function with a block before it, or was an error: it is a statement of its own. In arrays, objects and patterns the same was accepted on one line. So it was behind `x++` and behind the assignment of a pattern: `[] = x++[0]`.",
    edits: [
      [
        `    strictReservedRange = null;
    firstAwaitLocation = null;`,
        `    strictReservedRange = null;
    memberlessAt = -1;
    completeAt = -1;
    firstAwaitLocation = null;`,
      ],
      [
        `function parseMemberOrUpdateExpression(parser, context, privateScope, expr, inGroup, inChain, start) {
`,
        `function parseMemberOrUpdateExpression(parser, context, privateScope, expr, inGroup, inChain, start) {
    if (parser.tokenIndex === parser.memberlessAt || parser.tokenIndex === parser.completeAt)
        return expr;
`,
      ],
      [
        `    const token = parser.getToken();
    if ((token & 4194304) === 4194304) {
        if (parser.assignable & 2)
            parser.report(26);`,
        `    const token = parser.getToken();
    if (parser.tokenIndex === parser.completeAt)
        return left;
    if ((token & 4194304) === 4194304) {
        if (parser.assignable & 2)
            parser.report(26);`,
      ],
      [
        `    if ((parser.flags & 16384) === 16384) {
        parser.flags = (parser.flags | 16384) ^ 16384;
        return left;
    }
    const bit`,
        `    if (parser.tokenIndex === parser.completeAt)
        return left;
    if ((parser.flags & 16384) === 16384) {
        parser.flags = (parser.flags | 16384) ^ 16384;
        return left;
    }
    const bit`,
      ],
      [
        `    const token = parser.getToken();
    nextToken(parser, context);
    parser.assignable = 2;
    return parser.finishNode({
        type: 'UpdateExpression',
        argument: expr,`,
        `    const token = parser.getToken();
    nextToken(parser, context);
    parser.assignable = 2;
    parser.memberlessAt = parser.tokenIndex;
    return parser.finishNode({
        type: 'UpdateExpression',
        argument: expr,`,
      ],
      [
        `            (parser.destructible & 128 ? 128 : 0) |
            (parser.destructible & 256 ? 256 : 0);
    return parser.finishNode(isPattern`,
        `            (parser.destructible & 128 ? 128 : 0) |
            (parser.destructible & 256 ? 256 : 0);
    parser.completeAt = parser.tokenIndex;
    return parser.finishNode(isPattern`,
      ],
      [
        `        switch (parser.getToken()) {
            case 69271571:
                if ((parser.flags & 1) === 0) {
                    parser.report(118);
                }
                parser.flags |= 8192;
                break;
            case 67108877:
            case 67108991:
            case 67174409:
            case 67174408:
            case 22:
                parser.report(119);
            case 67174411:
                if ((parser.flags & 1) === 0) {
                    parser.report(118);
                }
                parser.flags |= 1024;
                break;
        }`,
        `        parser.completeAt = parser.tokenIndex;
        switch (parser.getToken()) {
            case 69271571:
            case 67174411:
                if ((parser.flags & 1) === 0) {
                    parser.report(118);
                }
                break;
            case 67174409:
            case 67174408:
                if (parser.flags & 1) {
                    break;
                }
            case 67108877:
            case 67108991:
            case 22:
                parser.report(119);
        }`,
      ],
      [
        `        if ((parser.getToken() & 33619968) === 33619968)
            parser.report(127);`,
        `        if ((parser.getToken() & 33619968) === 33619968 && (parser.flags & 1) === 0)
            parser.report(127);`,
      ],
      [
        `                if ((parser.flags & 8192) === 8192) {
                    parser.flags = (parser.flags | 8192) ^ 8192;
                    return expr;
                }
`,
        "",
      ],
      [
        `                if ((parser.flags & 1024) === 1024) {
                    parser.flags = (parser.flags | 1024) ^ 1024;
                    return expr;
                }
`,
        "",
      ],
    ],
  },
  {
    name: "in after an arrow function in the head of a loop",
    why: "`for (var x = () => a in b)`: parentheses allow `in` between them, not in the body after them.",
    edits: [
      [
        `    const scope = parser.createScopeIfLexical()?.createChildScope(512);
    context = (context | 131072) ^ 131072;
    if (consumeOpt(parser, context, 16)) {
        return parseParenthesizedArrow(parser, context, scope, privateScope, [], canAssign, 0, start, origin);`,
        `    const scope = parser.createScopeIfLexical()?.createChildScope(512);
    const contextAround = context;
    context = (context | 131072) ^ 131072;
    if (consumeOpt(parser, context, 16)) {
        return parseParenthesizedArrow(parser, contextAround, scope, privateScope, [], canAssign, 0, start, origin);`,
      ],
      [
        `return parseParenthesizedArrow(parser, context, scope, privateScope, isSequence ? expressions : [expr], canAssign, 0, start, origin);`,
        `return parseParenthesizedArrow(parser, contextAround, scope, privateScope, isSequence ? expressions : [expr], canAssign, 0, start, origin);`,
      ],
      [
        `    parser.firstYieldLocation = null;
    context = (context | 131072) ^ 131072;
    if (consumeOpt(parser, context, 16)) {
        if (parser.getToken() === 10) {`,
        `    parser.firstYieldLocation = null;
    const contextAround = context;
    context = (context | 131072) ^ 131072;
    if (consumeOpt(parser, context, 16)) {
        if (parser.getToken() === 10) {`,
      ],
      [
        `            return parseParenthesizedArrow(parser, context, scope, privateScope, [], canAssign, 1, start);`,
        `            return parseParenthesizedArrow(parser, contextAround, scope, privateScope, [], canAssign, 1, start);`,
      ],
      [
        `return parseParenthesizedArrow(parser, context, scope, privateScope, params, canAssign, 1, start);`,
        `return parseParenthesizedArrow(parser, contextAround, scope, privateScope, params, canAssign, 1, start);`,
      ],
    ],
  },
  {
    name: "arguments of a call of async",
    why: "Behind a first argument that is no name, `async((1), ...xs)` and `async((1), )` were errors, and later arguments began where the first did. Behind a pattern, `async([a].b = c)` was an error.",
    edits: [
      [
        `            while (consumeOpt(parser, context | 32, 18)) {
                params.push(parseExpression(parser, context, privateScope, 1, 0, tokenStart));
            }
            destructible |= parser.assignable;`,
        `            while (consumeOpt(parser, context | 32, 18) && parser.getToken() !== 16) {
                params.push(parser.getToken() === 14
                    ? parseSpreadElement(parser, context, privateScope)
                    : parseExpression(parser, context, privateScope, 1, 0, parser.tokenStart));
            }
            destructible |= parser.assignable;`,
      ],
      [
        `                destructible |= 16;
                if ((parser.getToken() & 8388608) === 8388608) {
                    expr = parseBinaryExpression(parser, context, privateScope, 1, start, 4, token, expr);
                }
                if (consumeOpt(parser, context | 32, 22)) {
                    expr = parseConditionalExpression(parser, context, privateScope, expr, start);
                }
            }
        }
        else if (token === 14) {
            expr = parseSpreadOrRestElement(parser, context, scope, privateScope, 16, kind, 1, 1, 0);`,
        `                destructible |= 16;
                if (parser.getToken() !== 16 && parser.getToken() !== 18) {
                    expr = parseAssignmentExpression(parser, context, privateScope, 0, 0, tokenStart, expr);
                }
            }
        }
        else if (token === 14) {
            expr = parseSpreadOrRestElement(parser, context, scope, privateScope, 16, kind, 1, 1, 0);`,
      ],
    ],
  },
  {
    name: "new is no target",
    why: "`new a(...b) = c` was a program.",
    edits: [
      [
        `        arguments: parser.getToken() === 67174411 ? parseArguments(parser, context, privateScope, inGroup) : [],
    }, start);
}
function parseMetaProperty(`,
        `        arguments: parser.getToken() === 67174411 ? parseArguments(parser, context, privateScope, inGroup) : [],
    }, start);
    parser.assignable = 2;
    return node;
}
function parseMetaProperty(`,
      ],
      [
        `    parser.assignable = 2;
    return parser.finishNode({
        type: 'NewExpression',`,
        `    const node = parser.finishNode({
        type: 'NewExpression',`,
      ],
    ],
  },
];
