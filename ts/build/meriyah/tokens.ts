// Owns the patches about how tokens are read: templates, words with escapes, and tokens read in the wrong context.
import type { Patch } from "./patch.ts";

export const TOKEN_PATCHES: readonly Patch[] = [
  {
    name: "bad escapes of tagged templates",
    why: "Behind a bad escape, an escaped backtick or `\\${` ended the text. Only tags that end in a name or a parenthesis allowed bad escapes, and templates within the second and later substitutions of a tagged template allowed them too.",
    edits: [
      [
        `                else if (code !== -1 && context & 64) {
                    parser.index = index;`,
        `                else if (code !== -1) {
                    parser.badEscape = code;
                    parser.index = index;`,
      ],
      [
        `                    if (char < 0)
                        token = 67174408;
                    break;
                }
                else {
                    handleStringError(parser, code, 1);
                }
`,
        `                    if (char < 0)
                        token = 67174408;
                    break;
                }
`,
      ],
      [
        `            case 10:
            case 8232:
            case 8233:
                parser.column = -1;
                parser.line++;
        }
        if (parser.index >= parser.end)
            parser.report(17);
        ch = advanceChar(parser);
    }
    return ch;`,
        `            case 92:
                ch = advanceChar(parser);
                if (ch === 13)
                    onCarriageReturn();
                if (ch !== 10 && ch !== 8232 && ch !== 8233)
                    break;
            case 10:
            case 8232:
            case 8233:
                parser.column = -1;
                parser.line++;
        }
        if (parser.index >= parser.end)
            parser.report(17);
        ch = advanceChar(parser);
    }
    return ch;`,
      ],
      [
        `function parseTemplateElement(parser, cooked, raw, start, tail) {
`,
        `function checkEscapes(parser, context) {
    if (parser.tokenValue === null && (context & 64) === 0)
        handleStringError(parser, parser.badEscape, 1);
}
function parseTemplateElement(parser, cooked, raw, start, tail) {
`,
      ],
      [
        `    parser.assignable = 2;
    const { tokenValue, tokenRaw, tokenStart } = parser;
    consume(parser, context, 67174409);
    const quasis`,
        `    parser.assignable = 2;
    checkEscapes(parser, context);
    const { tokenValue, tokenRaw, tokenStart } = parser;
    consume(parser, context & -65, 67174409);
    const quasis`,
      ],
      [
        `    context = (context | 131072) ^ 131072;
    const { tokenValue, tokenRaw, tokenStart } = parser;
    consume(parser, (context & -65) | 32, 67174408);`,
        `    context = (context | 131072) ^ 131072;
    checkEscapes(parser, context);
    const { tokenValue, tokenRaw, tokenStart } = parser;
    consume(parser, (context & -65) | 32, 67174408);`,
      ],
      [
        `    while (parser.setToken(scanTemplateTail(parser, context), true) !== 67174409) {
        const`,
        `    while (parser.setToken(scanTemplateTail(parser, context), true) !== 67174409) {
        checkEscapes(parser, context);
        const`,
      ],
      [
        `        expressions.push(parseExpressions(parser, context, privateScope, 0, 1, parser.tokenStart));
        if (parser.getToken() !== 1074790415)
            parser.report(83);
    }
    {`,
        `        expressions.push(parseExpressions(parser, context & -65, privateScope, 0, 1, parser.tokenStart));
        if (parser.getToken() !== 1074790415)
            parser.report(83);
    }
    checkEscapes(parser, context);
    {`,
      ],
      [
        `        consume(parser, context, 67174409);
        quasis.push(`,
        `        consume(parser, context & -65, 67174409);
        quasis.push(`,
      ],
      [
        `                        ? parseTemplate(parser, context | 64, privateScope)
                        : parseTemplateLiteral(parser, context),`,
        `                        ? parseTemplate(parser, context | 64, privateScope)
                        : parseTemplateLiteral(parser, context | 64),`,
      ],
      [
        `    tokenRegExp = void 0;
`,
        `    tokenRegExp = void 0;
    badEscape = 0;
`,
      ],
    ],
  },
  {
    name: "words with escapes",
    why: "`\\u0067et`, `l\\u0065t` or `ev\\u0061l` was no name in sloppy code, `ev\\u0061l` and `\\u0061rguments` could be bound and written in strict code, `{ y\\u0069eld }` was an object there, and `get \\u0069f() {}` was no method. An escaped `yield` was a name in a generator within a function.",
    edits: [
      [
        `        if (token === 209006) {
            if ((context & (2 | 2048)) === 0) {`,
        `        if ((token & 537079808) === 537079808) {
            return token;
        }
        if (token === 77932 || (token & 208896) === 208896 && token !== 209006 && token !== 241737 && token !== 241771) {
            return 209019 | -2147483648;
        }
        if (token === 209006) {
            if ((context & (2 | 2048)) === 0) {`,
      ],
      [
        `            return context & 262144
                ? 209019 | -2147483648
                : context & 1024
                    ? -2147483527
                    : token | -2147483648;`,
        `            return context & 1024 ? -2147483527 : token | -2147483648;`,
      ],
      [
        `    if (context & 1) {
        if ((t & 36864) === 36864) {
            parser.report(120);
        }
        if (!skipEvalArgCheck`,
        `    if (context & 1) {
        if ((t & 36864) === 36864 || t === -2147483526) {
            parser.report(120);
        }
        if (!skipEvalArgCheck`,
      ],
      [
        `                else if (parser.getToken() & 143360) {
                    destructible |= 16;
                    if (token === -2147483527)`,
        `                else if (isPropertyWord(parser.getToken())) {
                    destructible |= 16;
                    if (token === -2147483527)`,
      ],
      [
        `                        8 | 1 | (token === 209005 ? 16 : 0);
                    if (parser.getToken() & 143360) {`,
        `                        8 | 1 | (token === 209005 ? 16 : 0);
                    if (isPropertyWord(parser.getToken())) {`,
      ],
      [
        `                state |= 8;
                if (parser.getToken() & 143360) {`,
        `                state |= 8;
                if (isPropertyWord(parser.getToken())) {`,
      ],
      [
        `function parseObjectLiteral(`,
        `function isPropertyWord(token) {
    return (token & 143360) !== 0 || token === -2147483527 || token === -2147483526;
}
function parseObjectLiteral(`,
      ],
    ],
  },
  {
    name: "what follows a function or a class is in the code around it",
    why: "The token after a class or a function was read as code of the class or the function, and the first one of the body of an arrow function as code around it: `class A {}` and then `010` was an error, and so was `async function f() {}` and then an escaped `await`.",
    edits: [
      [
        `function parseFunctionBody(parser, context, scope, privateScope, funcNameToken, functionScope, origin = 0) {`,
        `function parseFunctionBody(parser, context, scope, privateScope, funcNameToken, functionScope, origin, contextAround) {`,
      ],
      [
        `    consume(parser, origin & (16 | 8) ? context | 32 : context, 1074790415);
    parser.flags &= -4289;`,
        `    consume(parser, origin & (16 | 8) ? contextAround | 32 : contextAround, 1074790415);
    parser.flags &= -4289;`,
      ],
      [
        `function parseFunctionDeclaration(parser, context, scope, privateScope, allowGen, flags, isAsync, start, origin = 0) {
`,
        `function parseFunctionDeclaration(parser, context, scope, privateScope, allowGen, flags, isAsync, start, origin = 0) {
    const contextAround = context;
`,
      ],
      [
        `functionScope?.createChildScope(64), privateScope, funcNameToken, functionScope, 8);`,
        `functionScope?.createChildScope(64), privateScope, funcNameToken, functionScope, 8, contextAround);`,
      ],
      [
        `function parseFunctionExpression(parser, context, privateScope, isAsync, inGroup, start) {
`,
        `function parseFunctionExpression(parser, context, privateScope, isAsync, inGroup, start) {
    const contextAround = context;
`,
      ],
      [
        `        4096, scope?.createChildScope(64), privateScope, funcNameToken, scope);`,
        `        4096, scope?.createChildScope(64), privateScope, funcNameToken, scope, 0, contextAround);`,
      ],
      [
        `function parseMethodDefinition(parser, context, privateScope, kind, inGroup, start) {
`,
        `function parseMethodDefinition(parser, context, privateScope, kind, inGroup, start) {
    const contextAround = context;
`,
      ],
      [
        `        4096, scope, privateScope, void 0, scope?.parent);`,
        `        4096, scope, privateScope, void 0, scope?.parent, 0, contextAround);`,
      ],
      [
        `    consume(parser, context | 32, 10);
    const modifierFlags = 1024 | 2048 | 8192 | 524288 | 8;
    context = ((context | modifierFlags) ^ modifierFlags) | (isAsync ? 2048 : 0);`,
        `    const modifierFlags = 1024 | 2048 | 8192 | 524288 | 8;
    const contextAround = context;
    context = ((context | modifierFlags) ^ modifierFlags) | (isAsync ? 2048 : 0);
    consume(parser, context | 32, 10);`,
      ],
      [
        `| 4096, scope, privateScope, void 0, void 0, 16);`,
        `| 4096, scope, privateScope, void 0, void 0, 16, contextAround);`,
      ],
      // The name of a function expression and the value of a field do not belong to the code around it either.
      [
        `    nextToken(parser, context | 32);
    const isGenerator = optionalBit(parser, context, 8391476);
    const generatorAndAsyncFlags`,
        `    const contextOfName = (context & -3073) | (isAsync ? 2048 : 0);
    nextToken(parser, contextOfName | 32);
    const isGenerator = optionalBit(parser, contextOfName | 1024, 8391476);
    const generatorAndAsyncFlags`,
      ],
      [
        `        nextToken(parser, context | 32);
        const { tokenStart } = parser;
        if (parser.getToken() === 537079928)`,
        `        nextToken(parser, (context & -3073) | 32);
        const { tokenStart } = parser;
        if (parser.getToken() === 537079928)`,
      ],
      // An async arrow function is parsed as if the code around it were async, too.
      [
        `return parseArrowFromIdentifier(parser, (context & -524289) | 2048, privateScope, parser.tokenValue, parseIdentifier(parser, context), 0, canAssign, 1, start);`,
        `return parseArrowFromIdentifier(parser, context & -524289, privateScope, parser.tokenValue, parseIdentifier(parser, context), 0, canAssign, 1, start);`,
      ],
      [
        `return parseParenthesizedArrow(parser, context | 2048, scope, privateScope, params, canAssign, 1, start);`,
        `return parseParenthesizedArrow(parser, context, scope, privateScope, params, canAssign, 1, start);`,
      ],
      [
        `            expr = parseArrowFromIdentifier(parser, context | 2048, privateScope, parser.tokenValue, expr, 0, 1, 0, start);`,
        `            expr = parseArrowFromIdentifier(parser, context, privateScope, parser.tokenValue, expr, 0, 1, 0, start);`,
      ],
      [
        `    context = (context | 16384 | 1) ^ 16384;
    consume(parser, context, 86094);`,
        `    const contextAround = context;
    context = (context | 16384 | 1) ^ 16384;
    consume(parser, context, 86094);`,
      ],
      [
        `scope, privateScope, 2, 0, 8);
    return`,
        `scope, privateScope, 2, 0, 8, contextAround);
    return`,
      ],
      [
        `    context = (context | 1 | 16384) ^ 16384;
    consume(parser, context, 86094);`,
        `    const contextAround = context;
    context = (context | 1 | 16384) ^ 16384;
    consume(parser, context, 86094);`,
      ],
      [
        `void 0, privateScope, 2, inGroup);
    parser.assignable = 2;`,
        `void 0, privateScope, 2, inGroup, 0, contextAround);
    parser.assignable = 2;`,
      ],
      [
        `scope, parentScope, kind, inGroup, origin = 0) {
    const { tokenStart } = parser;`,
        `scope, parentScope, kind, inGroup, origin, contextAround) {
    const { tokenStart } = parser;`,
      ],
      [
        `    consume(parser, origin & 8 ? context | 32 : context, 1074790415);`,
        `    consume(parser, origin & 8 ? contextAround | 32 : contextAround, 1074790415);`,
      ],
    ],
  },
  {
    name: "a string that ends with a backslash",
    why: "A backslash at the very end of a source made a RangeError, which is no SyntaxError.",
    edits: [
      [
        `            char = advanceChar(parser);
            if (char < 0x7f || char === 8232 || char === 8233) {`,
        `            char = advanceChar(parser);
            if (parser.index >= parser.end)
                parser.report(16);
            if (char < 0x7f || char === 8232 || char === 8233) {`,
      ],
    ],
  },
  {
    name: "exponents of numbers that are not decimal",
    why: "`02e3` and `0b1e1` were numbers.",
    edits: [
      [
        `        if ((char | 32) === 101) {
            char = advanceChar(parser);`,
        `        if ((char | 32) === 101 && kind & (16 | 32 | 64)) {
            char = advanceChar(parser);`,
      ],
    ],
  },
];
