// Owns the patches about long chains: what programs repeat thousands of times must not cost the host's stack.
import type { Patch } from "./patch.ts";

export const CHAIN_PATCHES: readonly Patch[] = [
  {
    name: "chains of members and calls",
    why: "Each `.a`, `[a]` and `()` of a chain was parsed by a deeper call: `a.b.c…` and `a.f().g()…` of a few thousand links ran out of stack.",
    edits: [
      [
        `    if (parser.tokenIndex === parser.memberlessAt || parser.tokenIndex === parser.completeAt)
        return expr;
    if ((parser.getToken() & 33619968) === 33619968 && (parser.flags & 1) === 0) {
        expr = parseUpdateExpression(parser, context, expr, start);
    }
    else if ((parser.getToken() & 67108864) === 67108864) {
        if ((parser.flags & 16384) === 16384) {
            parser.flags = (parser.flags | 16384) ^ 16384;
            return expr;
        }
`,
        `    for (let isFirst = true;; isFirst = false) {
        if (parser.tokenIndex === parser.memberlessAt || parser.tokenIndex === parser.completeAt) {
            if (isFirst)
                return expr;
            break;
        }
        if ((parser.getToken() & 33619968) === 33619968 && (parser.flags & 1) === 0) {
            expr = parseUpdateExpression(parser, context, expr, start);
            break;
        }
        if ((parser.getToken() & 67108864) !== 67108864)
            break;
        if ((parser.flags & 16384) === 16384) {
            parser.flags = (parser.flags | 16384) ^ 16384;
            if (isFirst)
                return expr;
            break;
        }
`,
        "parseMemberOrUpdateExpression",
        1,
      ],
      [
        `        expr = parseMemberOrUpdateExpression(parser, context, privateScope, expr, 0, 1, start);
`,
        `        inGroup = 0;
`,
        "parseMemberOrUpdateExpression",
        1,
      ],
    ],
  },
  {
    name: "else if after else if",
    why: "Each `else if` was parsed by a deeper call: some thousand of them ran out of stack.",
    edits: [
      [
        `    const start = parser.tokenStart;
    nextToken(parser, context);
    consume(parser, context | 32, 67174411);
    parser.assignable = 1;
    const test = parseExpressions(parser, context, privateScope, 0, 1, parser.tokenStart);
    consume(parser, context | 32, 16);
    const consequent = parseConsequentOrAlternative(parser, context, scope, privateScope, labels);
    let alternate = null;
    if (parser.getToken() === 20563) {
        nextToken(parser, context | 32);
        alternate = parseConsequentOrAlternative(parser, context, scope, privateScope, labels);
    }
    return parser.finishNode({
        type: 'IfStatement',
        test,
        consequent,
        alternate,
    }, start);`,
        `    const branches = [];
    let alternate = null;
    for (;;) {
        const start = parser.tokenStart;
        nextToken(parser, context);
        consume(parser, context | 32, 67174411);
        parser.assignable = 1;
        const test = parseExpressions(parser, context, privateScope, 0, 1, parser.tokenStart);
        consume(parser, context | 32, 16);
        const consequent = parseConsequentOrAlternative(parser, context, scope, privateScope, labels);
        branches.push({ start, test, consequent });
        if (parser.getToken() !== 20563)
            break;
        nextToken(parser, context | 32);
        if (parser.getToken() !== 20569) {
            alternate = parseConsequentOrAlternative(parser, context, scope, privateScope, labels);
            break;
        }
        labels = { parent: labels };
    }
    for (let i = branches.length - 1; i >= 0; i--) {
        const { start, test, consequent } = branches[i];
        alternate = parser.finishNode({ type: 'IfStatement', test, consequent, alternate }, start);
    }
    return alternate;`,
        "parseIfStatement",
        1,
      ],
    ],
  },
  {
    name: "assignment after assignment",
    why: "Each `x =` of `x = y = z = …` was parsed by four deeper calls: some thousand of them ran out of stack.",
    edits: [
      [
        `    const token = parser.getToken();
    if (parser.tokenIndex === parser.completeAt)
        return left;
    if ((token & 4194304) === 4194304) {
        if (parser.assignable & 2)`,
        `    const targets = [];
    let token = parser.getToken();
    while ((token & 4194304) === 4194304 && parser.tokenIndex !== parser.completeAt) {
        if (parser.assignable & 2)`,
        "parseAssignmentExpression",
        1,
      ],
      [
        `        nextToken(parser, context | 32);
        const right = parseExpression(parser, context, privateScope, 1, inGroup, parser.tokenStart);
        parser.assignable = 2;
        return parser.finishNode(isPattern
            ? {
                type: 'AssignmentPattern',
                left,
                right,
            }
            : {
                type: 'AssignmentExpression',
                left,
                operator: KeywordDescTable[token & 255],
                right,
            }, start);
    }
    if ((token & 8388608) === 8388608) {`,
        `        nextToken(parser, context | 32);
        targets.push({ isPattern, left, token, start });
        isPattern = 0;
        start = parser.tokenStart;
        left = parsePrimaryExpression(parser, context, privateScope, 2, 0, 1, inGroup, 1, start, 0, context & 131072 ? 0 : 1);
        left = parseMemberOrUpdateExpression(parser, context, privateScope, left, inGroup, 0, start);
        token = parser.getToken();
    }
    if (parser.tokenIndex === parser.completeAt)
        return assigned(parser, targets, left);
    if ((token & 8388608) === 8388608) {`,
        "parseAssignmentExpression",
        1,
      ],
      [
        `        left = parseConditionalExpression(parser, context, privateScope, left, start);
    }
    return left;`,
        `        left = parseConditionalExpression(parser, context, privateScope, left, start);
    }
    return assigned(parser, targets, left);
}
function assigned(parser, targets, right) {
    for (let i = targets.length - 1; i >= 0; i--) {
        const { isPattern, left, token, start } = targets[i];
        parser.assignable = 2;
        right = parser.finishNode(isPattern
            ? { type: 'AssignmentPattern', left, right }
            : { type: 'AssignmentExpression', left, operator: KeywordDescTable[token & 255], right }, start);
    }
    return right;`,
        "parseAssignmentExpression",
        1,
      ],
    ],
  },
];
