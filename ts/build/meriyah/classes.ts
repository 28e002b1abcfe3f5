// Owns the patches about classes, objects and modules.
import type { Patch } from "./patch.ts";

export const CLASS_PATCHES: readonly Patch[] = [
  {
    name: "async fields",
    why: "`class A { async a = 1 }` was a class with a field.",
    edits: [
      [
        `    let value = null;
    if (state & 8)
        parser.report(0);`,
        `    let value = null;
    if (state & (8 | 16))
        parser.report(0);`,
      ],
    ],
  },
  {
    name: "elements are judged by their own name",
    why: "A static method called `constructor` may not call super(). What was asked for was the name of the next token: `static a` and then `prototype` on the next line was an error, and a field called `constructor` was none where a line end was behind it.",
    edits: [
      [
        `    if ((kind & 2) === 0) {
        if (parser.tokenValue === 'constructor') {
            if ((parser.getToken() & 1073741824) === 1073741824) {
                parser.report(131);
            }`,
        `    if ((kind & (2 | 8192)) === 0 && key !== null) {
        const name = key.type === 'Literal' ? key.value : key.name;
        if (name === 'constructor') {
            if (kind & 1024 || (parser.getToken() !== 67174411 && (kind & 768) === 0)) {
                parser.report(131);
            }`,
      ],
      [
        `            kind |= 64;
        }
        else if ((kind & 8192) === 0 &&
            kind & 32 &&
            parser.tokenValue === 'prototype') {`,
        `            if ((kind & 32) === 0)
                kind |= 64;
        }
        else if (kind & 32 && name === 'prototype') {`,
      ],
    ],
  },
  {
    name: "variables of static blocks",
    why: "A `var` of a static block conflicted with a `let` of its name around the class, and its functions could not be declared twice, as those of a function can.",
    edits: [
      [
        `    scope = scope?.createChildScope();
    const ctorContext = 512 |`,
        `    scope = parser.createScopeIfLexical()?.createChildScope(64);
    const ctorContext = 512 |
        8 |`,
      ],
      [
        `    return parseBlock(parser, context, scope, privateScope, {}, start, 'StaticBlock');`,
        `    return parseBlock(parser, context, scope, privateScope, {}, start, 'StaticBlock', 4);`,
      ],
      [
        `start = parser.tokenStart, type = 'BlockStatement') {`,
        `start = parser.tokenStart, type = 'BlockStatement', origin = 2) {`,
      ],
      [
        `        body.push(parseStatementListItem(parser, context, scope, privateScope, { parent: labels }));
    }
    consume(parser, context | 32, 1074790415);`,
        `        body.push(parseStatementListItem(parser, context, scope, privateScope, { parent: labels }, origin));
    }
    consume(parser, context | 32, 1074790415);`,
      ],
    ],
  },
  {
    name: "arguments in fields",
    why: "Parameters of a function have the `arguments` of the function, in arrow functions too. What was asked for was the name of the next token: `x = arguments` and then a field was accepted, and `x = a` and then a field called `arguments` was not.",
    edits: [
      [
        `            !(context & 8192) &&
            parser.tokenValue === 'arguments' &&
            !(origin & 1 && parser.getToken() === 21))`,
        `            !(context & 8192) &&
            tokenValue === 'arguments' &&
            !(origin & 1 && parser.getToken() === 21))`,
      ],
      [
        `parseFormalParametersOrFormalList(parser, (context | 8192) & -524289, functionScope, privateScope, 0, 1);`,
        `parseFormalParametersOrFormalList(parser, (context | 8192 | 32768) & -524289, functionScope, privateScope, 0, 1);`,
      ],
      [
        `parseFormalParametersOrFormalList(parser, (context | 8192) & -524289, scope, privateScope, inGroup, 1);`,
        `parseFormalParametersOrFormalList(parser, (context | 8192 | 32768) & -524289, scope, privateScope, inGroup, 1);`,
      ],
    ],
  },
  {
    name: "words in front of methods",
    why: "`({ a [b]() {} })` and `({ a 'b'() {} })` were objects with a method, and `async` could have a line end after it.",
    edits: [
      [
        `                else if (parser.getToken() === 69271571) {
                    destructible |= 16;
                    if (token === 209005)
                        state |= 16;`,
        `                else if (parser.getToken() === 69271571) {
                    destructible |= 16;
                    checkMethodWord(parser, token);
                    if (token === 209005)
                        state |= 16;`,
      ],
      [
        `                else if ((parser.getToken() & 134217728) === 134217728) {
                    if (token === 209005)
                        state |= 16;`,
        `                else if ((parser.getToken() & 134217728) === 134217728) {
                    checkMethodWord(parser, token);
                    if (token === 209005)
                        state |= 16;`,
      ],
      [
        `                    else if (token !== 209005) {
                        parser.report(30, KeywordDescTable[8391476 & 255]);
                    }
                    nextToken(parser, context);`,
        `                    checkMethodWord(parser, token);
                    nextToken(parser, context);`,
      ],
      [
        `function parseMethodFormals(`,
        `function checkMethodWord(parser, token) {
    if ((token !== 209005 && token !== 209008 && token !== 209009) || (token === 209005 && parser.flags & 1)) {
        parser.report(30, KeywordDescTable[parser.getToken() & 255]);
    }
}
function parseMethodFormals(`,
      ],
    ],
  },
  {
    name: "decorators are no arrow functions",
    why: "`@(() => {}) class A {}` is a program, `@() => {} class A {}` is none.",
    edits: [
      [
        `expression = parsePrimaryExpression(parser, context, privateScope, 2, 0, 1, 0, 1, start);`,
        `expression = parsePrimaryExpression(parser, context, privateScope, 2, 0, 0, 0, 1, start);`,
      ],
    ],
  },
  {
    name: "parameters and fields that are missing",
    why: "`({ 'a'(b, = c) {} })` was a method with a parameter that is nothing, and `class A { = 1 }` a class with a field that is none.",
    edits: [
      [
        `                left = parseSpreadOrRestElement(parser, context, scope, privateScope, 16, type, 0, inGroup, 1);
            }
`,
        `                left = parseSpreadOrRestElement(parser, context, scope, privateScope, 16, type, 0, inGroup, 1);
            }
            else {
                parser.report(30, KeywordDescTable[parser.getToken() & 255]);
            }
`,
      ],
      [
        `    else if ((parser.getToken() & 1073741824) === 1073741824) {
        kind |= 128;
    }
    else if (isStatic`,
        `    else if (isStatic`,
      ],
    ],
  },
  {
    name: "delete of private names after an optional chain",
    why: "`delete a?.#b` was a program.",
    edits: [
      [
        `function isPropertyWithPrivateFieldKey(expr) {
    return expr.type`,
        `function isPropertyWithPrivateFieldKey(expr) {
    if (expr.type === 'ChainExpression')
        return isPropertyWithPrivateFieldKey(expr.expression);
    return expr.type`,
      ],
    ],
  },
  {
    name: "new super()",
    why: "`new super()` was a call of super.",
    edits: [
      [
        `    context = (context | 131072) ^ 131072;
    const callee = parseMemberExpressionNoCall(`,
        `    context = (context | 131072) ^ 131072;
    if (expr.type === 'Super' && parser.getToken() === 67174411)
        parser.report(28);
    const callee = parseMemberExpressionNoCall(`,
      ],
    ],
  },
  {
    name: "heritage",
    why: "`class A extends b++ {}` and `class A extends await b {}` were classes.",
    edits: [
      [
        `        superClass = parseLeftHandSideExpression(parser, context, privateScope, 0, 0, 0);
`,
        `        superClass = parseHeritage(parser, context, privateScope, 0);
`,
      ],
      [
        `        superClass = parseLeftHandSideExpression(parser, context, privateScope, 0, inGroup, 0);
`,
        `        superClass = parseHeritage(parser, context, privateScope, inGroup);
`,
      ],
      [
        `function parseClassBody(`,
        `function parseHeritage(parser, context, privateScope, inGroup) {
    const heritage = parseLeftHandSideExpression(parser, context, privateScope, 0, inGroup, 0);
    if (parser.tokenIndex === parser.memberlessAt)
        parser.report(25, '{');
    return heritage;
}
function parseClassBody(`,
      ],
      [
        `        if (parser.getToken() === 8391735)
            parser.report(33);
        parser.assignable = 2;
        return parser.finishNode({
            type: 'AwaitExpression',`,
        `        if (parser.getToken() === 8391735)
            parser.report(33);
        parser.assignable = 2;
        parser.memberlessAt = parser.tokenIndex;
        return parser.finishNode({
            type: 'AwaitExpression',`,
      ],
    ],
  },
];
