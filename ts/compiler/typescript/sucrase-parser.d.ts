// Owns the types of the few deep modules of sucrase 3.35.1 that the stripper uses. Must never declare more than
// `parser.ts` imports: the package is pinned, and whatever stands here has to be checked again when the pin moves.

declare module "sucrase/dist/esm/parser/traverser/base.js" {
  export interface SucraseToken {
    type: number;
    contextualKeyword: number;
    start: number;
    end: number;
    isType: boolean;
    identifierRole: number | null;
    contextId: number | null;
    rhsEndIndex: number | null;
  }
  export interface SucraseScope {
    startTokenIndex: number;
    endTokenIndex: number;
    isFunctionScope: boolean;
  }
  /** The state of the parse that `initParser` began. */
  export const state: { tokens: SucraseToken[]; error: Error | null };
  export function initParser(
    input: string,
    isJSXEnabled: boolean,
    isTypeScriptEnabled: boolean,
    isFlowEnabled: boolean,
  ): void;
}

declare module "sucrase/dist/esm/parser/traverser/index.js" {
  import type { SucraseScope, SucraseToken } from "sucrase/dist/esm/parser/traverser/base.js";
  export function parseFile(): { tokens: SucraseToken[]; scopes: SucraseScope[] };
}

declare module "sucrase/dist/esm/parser/tokenizer/types.js" {
  type Name =
    | "num"
    | "bigint"
    | "string"
    | "regexp"
    | "name"
    | "eof"
    | "bracketL"
    | "bracketR"
    | "braceL"
    | "braceR"
    | "parenL"
    | "parenR"
    | "comma"
    | "semi"
    | "colon"
    | "dot"
    | "question"
    | "questionDot"
    | "arrow"
    | "template"
    | "ellipsis"
    | "backQuote"
    | "dollarBraceL"
    | "at"
    | "hash"
    | "eq"
    | "bang"
    | "lessThan"
    | "greaterThan"
    | "plus"
    | "minus"
    | "star"
    | "slash"
    | "nonNullAssertion"
    | "_default"
    | "_do"
    | "_else"
    | "_function"
    | "_return"
    | "_throw"
    | "_const"
    | "_let"
    | "_var"
    | "_class"
    | "_extends"
    | "_export"
    | "_import"
    | "_yield"
    | "_super"
    | "_with"
    | "_this"
    | "assign"
    | "_case"
    | "PRECEDENCE_MASK"
    | "exponent"
    | "postIncDec"
    | "_null"
    | "_void"
    | "_true"
    | "_false"
    | "_async"
    | "_get"
    | "_set"
    | "_static"
    | "_declare"
    | "_readonly"
    | "_abstract"
    | "_public"
    | "_private"
    | "_protected"
    | "_override"
    | "_enum";
  export const TokenType: Readonly<Record<Name, number>>;
}

declare module "sucrase/dist/esm/parser/tokenizer/keywords.js" {
  type Name =
    | "_as"
    | "_satisfies"
    | "_async"
    | "_accessor"
    | "_constructor"
    | "_declare"
    | "_from"
    | "_interface"
    | "_module"
    | "_namespace"
    | "_type"
    | "_require"
    | "_global"
    | "_abstract"
    | "_enum";
  export const ContextualKeyword: Readonly<Record<Name, number>>;
}

declare module "sucrase/dist/esm/parser/tokenizer/index.js" {
  type Name =
    | "Access"
    | "ExportAccess"
    | "TopLevelDeclaration"
    | "FunctionScopedDeclaration"
    | "BlockScopedDeclaration"
    | "ObjectShorthandTopLevelDeclaration"
    | "ObjectShorthandFunctionScopedDeclaration"
    | "ObjectShorthandBlockScopedDeclaration"
    | "ObjectShorthand"
    | "ImportDeclaration";
  export const IdentifierRole: Readonly<Record<Name, number>>;
}
