// Owns the patches about statements: directives, automatic semicolons, heads of loops.
import type { Patch } from "./patch.ts";

export const STATEMENT_PATCHES: readonly Patch[] = [
  {
    name: "a string that goes on is no directive",
    why: "'use strict' at the end of a line was a directive though the next line went on with it: `'use strict'` and then `.length`.",
    edits: [
      [
        `function isValidStrictMode(parser, index, tokenIndex, tokenValue) {
    if (index - tokenIndex < 13 && tokenValue === 'use strict') {
        if ((parser.getToken() & 1048576) === 1048576 || parser.flags & 1) {
            return 1;
        }
    }
    return 0;
}`,
        `function isValidStrictMode(parser, context, index, tokenIndex, tokenValue) {
    if (index - tokenIndex < 13 && tokenValue === 'use strict') {
        const token = parser.getToken();
        if ((token & 1048576) === 1048576) {
            return 1;
        }
        const goesOn = token & (4194304 | 8388608 | 67108864) || token === 18 || token === 22;
        if (parser.flags & 1 && !goesOn) {
            rescanToken(parser, context | 1);
            return 1;
        }
    }
    return 0;
}
function rescanToken(parser, context) {
    parser.index = parser.tokenIndex;
    parser.column = parser.tokenColumn;
    parser.line = parser.tokenLine;
    parser.currentChar = parser.source.charCodeAt(parser.index);
    parser.setToken(scanSingleToken(parser, context, 0), true);
}`,
      ],
      [
        `        const expr = parseLiteral(parser, context);
        if (isValidStrictMode(parser, index, tokenIndex, tokenValue)) {`,
        `        const expr = parseLiteral(parser, context);
        if (isValidStrictMode(parser, context, index, tokenIndex, tokenValue)) {`,
      ],
      [
        `            const expr = parseLiteral(parser, context);
            if (isValidStrictMode(parser, index, tokenIndex, tokenValue)) {`,
        `            const expr = parseLiteral(parser, context);
            if (isValidStrictMode(parser, context, index, tokenIndex, tokenValue)) {`,
      ],
    ],
  },
  {
    name: "a regular expression on a new line",
    why: "`var x` and then a line that begins with a regular expression: the slash was read as a division, where the semicolon that is inserted makes it a regular expression.",
    edits: [
      [
        `    if (!consumeOpt(parser, context, 1074790417)) {
        parser.options.onInsertedSemicolon?.(parser.startIndex);`,
        `    if (!consumeOpt(parser, context, 1074790417)) {
        if (parser.getToken() === 8457014 || parser.getToken() === 4259875)
            rescanToken(parser, context | 32);
        parser.options.onInsertedSemicolon?.(parser.startIndex);`,
      ],
    ],
  },
  {
    name: "let and using as parameters of arrow functions",
    why: "`for (let => 1; ;)` and `for (using => 1; ;)` were errors, and so were a comma after `using => 1`, and `if (a) let => 1` and `if (a) let = 1`.",
    edits: [
      [
        `function parseUsingDeclarationOrExpressionStatement(`,
        `function parseArrowFromWord(parser, context, privateScope, word, value, start, end) {
    const scope = parser.options.lexical ? createArrowHeadParsingScope(parser, context, value, start, end) : void 0;
    parser.flags = (parser.flags | 128) ^ 128;
    return parseArrowFunctionExpression(parser, context, scope, privateScope, [word], 0, start);
}
function parseUsingDeclarationOrExpressionStatement(`,
      ],
      [
        `    if (parser.getToken() === 10) {
        let arrowScope = void 0;
        if (parser.options.lexical)
            arrowScope = createArrowHeadParsingScope(parser, context, tokenValue, tokenStart, currentLocation);
        parser.flags = (parser.flags | 128) ^ 128;
        const arrow = parseArrowFunctionExpression(parser, context, arrowScope, privateScope, [expression], 0, tokenStart);
        return parseExpressionStatement(parser, context, arrow, tokenStart);
    }`,
        `    if (parser.getToken() === 10) {
        let arrow = parseArrowFromWord(parser, context, privateScope, expression, tokenValue, tokenStart, currentLocation);
        if (parser.getToken() === 18)
            arrow = parseSequenceExpression(parser, context, privateScope, 0, tokenStart, arrow);
        return parseExpressionStatement(parser, context, arrow, tokenStart);
    }`,
      ],
      [
        `    const { tokenValue, tokenStart } = parser;
    const token = parser.getToken();
    let expr;
    switch (token) {
        case 241737:
            expr = parseIdentifier(parser, context);
            if (context & 1)
                parser.report(85);`,
        `    const { tokenValue, tokenStart, currentLocation } = parser;
    const token = parser.getToken();
    let expr;
    switch (token) {
        case 241737:
            expr = parseIdentifier(parser, context);
            if (context & 1)
                parser.report(85);
            parser.assignable = 1;
            if (parser.getToken() === 10)
                expr = parseArrowFromWord(parser, context, privateScope, expr, tokenValue, tokenStart, currentLocation);`,
      ],
      [
        `    const { tokenStart } = parser;
    const token = parser.getToken();
    if (isVarDecl) {
        if (token === 241737) {`,
        `    const { tokenStart, tokenValue, currentLocation } = parser;
    const token = parser.getToken();
    if (isVarDecl) {
        if (token === 241737) {`,
      ],
      [
        `                parser.assignable = 1;
                init = parseMemberOrUpdateExpression(parser, context, privateScope, init, 0, 0, tokenStart);
                if (parser.getToken() === 471156)
                    parser.report(117);`,
        `                parser.assignable = 1;
                init =
                    parser.getToken() === 10
                        ? parseArrowFromWord(parser, context | 131072, privateScope, init, tokenValue, tokenStart, currentLocation)
                        : parseMemberOrUpdateExpression(parser, context, privateScope, init, 0, 0, tokenStart);
                if (parser.getToken() === 471156)
                    parser.report(117);`,
      ],
      [
        `                isVarDecl = false;
                parser.assignable = 1;
                init = parseMemberOrUpdateExpression(parser, context, privateScope, usingIdentifier, 0, 0, tokenStart);
            }
            else if (parser.getToken() === 471156) {`,
        `                isVarDecl = false;
                parser.assignable = 1;
                init =
                    parser.getToken() === 10
                        ? parseArrowFromWord(parser, context | 131072, privateScope, usingIdentifier, tokenValue, tokenStart, currentLocation)
                        : parseMemberOrUpdateExpression(parser, context, privateScope, usingIdentifier, 0, 0, tokenStart);
            }
            else if (parser.getToken() === 471156) {`,
      ],
    ],
  },
  {
    name: "for of async",
    why: "`for (async of xs)` is an error, on however many lines it is written.",
    edits: [
      [
        `        init = parseLeftHandSideExpression(parser, context | 131072, privateScope, 1, 0, 1);
    }
    if (consumedForOfDelimiter`,
        `        init = parseLeftHandSideExpression(parser, context | 131072, privateScope, 1, 0, 1);
        if (token === 209005 && parser.getToken() === 471156 && init.type === 'Identifier')
            parser.report(80, 'of');
    }
    if (consumedForOfDelimiter`,
      ],
    ],
  },
  {
    name: "only a name is a label",
    why: "`a => b : 1` was a statement whose label is an arrow function.",
    edits: [
      [
        `    if (token & 143360 && parser.getToken() === 21) {
        return parseLabelledStatement(`,
        `    if (token & 143360 && initialExpression.type === 'Identifier' && parser.getToken() === 21) {
        return parseLabelledStatement(`,
      ],
    ],
  },
  {
    name: "the head of a for loop",
    why: "`for ({ a = 1 }[b] in c)` was a program, and `in` was an operator after the first comma: `for (a, b in c; ;)`.",
    edits: [
      [
        `        if (destructible & 64) {
            parser.report(63);
        }
        parser.assignable =
            destructible & 16 ? 2 : 1;
        init =`,
        `        if (destructible & 64) {
            parser.report(63);
        }
        if (destructible & 8 && parser.getToken() !== 1077936155 && (parser.getToken() & 262144) !== 262144) {
            parser.report(62);
        }
        parser.assignable =
            destructible & 16 ? 2 : 1;
        init =`,
      ],
      [
        `        init = parseSequenceExpression(parser, context, privateScope, 0, tokenStart, init);
    consume(parser, context | 32, 1074790417);`,
        `        init = parseSequenceExpression(parser, context | 131072, privateScope, 0, tokenStart, init);
    consume(parser, context | 32, 1074790417);`,
      ],
    ],
  },
];
