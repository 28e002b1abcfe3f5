// Owns the grammar of functions: their heads, the names that their parameters declare, and which parenthesis begins an arrow
// function. Must never read an expression itself.

//
//   function f<T>(this: X, public a?: A, { b }: B = c): R { … }
//              ‾‾‾ ‾‾‾‾‾‾‾‾ ‾‾‾‾‾‾  ‾‾‾‾      ‾‾‾     ‾‾‾        erased; a constructor's `public a` also becomes a property (classes.ts)
//
// Scopes: one for the parameters, and one in it for the body, since a `var` of the body may have the name of a parameter.
import { S } from "./names.ts";
import { PRECEDENCE } from "./operators.ts";
import { hasLineEnd, T } from "./scanner.ts";
import { TypeParser } from "./types.ts";

/** Words that make a parameter a property if a name follows. */
const PARAMETER_MODIFIER = /^(?:public|private|protected|readonly|override)$/;

/** Where names are declared: in the current scope, in that of the function, or as members of a namespace. */
export type Declares = "here" | "function" | "member" | "nothing";

/** A name that a pattern declares, and whether it is the whole of `{ a }`. */
export interface Declared {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isShorthand: boolean;
}

/** The kind of function being read. */
export interface FunctionKind {
  readonly isAsync?: boolean;
  readonly isGenerator?: boolean;
  /** Given for a constructor: the names of its parameters that are properties. */
  readonly properties?: string[];
  /** Called in the scope of the function, before the body is read. */
  readonly beforeBody?: () => void;
}

export abstract class FunctionParser extends TypeParser {
  /** Start of an expression that must begin on the line of the previous word (`return` and the like). */
  protected restricted = -1;
  /** The cast that was read last: its range, and the first token of its operand. */
  protected cast = { start: -1, end: -1, operand: "" };
  /** Places at which no arrow function begins. */
  // Kept through failed guesses on purpose: whether an arrow function begins at an offset does not depend on what was tried around it.
  // Without it, `((((a))))` would try each parenthesis again in every guess about those around it.
  readonly #noArrows = new Set<number>();

  /** A `{ … }` of statements, in the scope at hand. */
  protected abstract parseBlock(): void;
  protected abstract parsePropertyName(): void;
  /** `mayReturnType`: a colon after an arrow function's parameters begins its return type. */
  protected abstract override parseAssignment(mayReturnType?: boolean): void;

  /** From the type parameters to the end of the body; false if there is no body. */
  protected parseFunctionRest(kind: FunctionKind): boolean {
    const saved = this.context;
    this.context = {
      ...saved,
      noIn: false,
      isDecorator: false,
      isAsync: kind.isAsync === true,
      isGenerator: kind.isGenerator === true,
      isTop: false,
    };
    this.names.open(S.function);
    this.#parseHead(kind.properties);
    const hasBody = this.is("{");
    if (hasBody) {
      kind.beforeBody?.();
      this.names.open(S.function);
      this.parseBlock();
      this.names.close();
    }
    this.names.close();
    this.context = saved;
    return hasBody;
  }

  /** Type parameters, parameters, and the return type. */
  #parseHead(properties?: string[]): void {
    this.eraseTypeParameters();
    this.parseParameters(properties);
    if (!this.is(":")) return;
    const { start } = this;
    this.next();
    this.parseReturnType();
    this.edits.erase(start, this.previousEnd);
  }

  /** `<T, U>` of a function or class. */
  protected eraseTypeParameters(): void {
    if (!this.isAngle()) return;
    const { start } = this;
    this.parseTypeParameters();
    this.edits.erase(start, this.previousEnd);
  }

  protected override parseSignatureParameters(): void {
    // Their names are not visible outside the type.
    this.names.open(S.function);
    this.within({ isErased: true, noIn: false, noConditionalType: false }, () => this.parseParameters());
    this.names.close();
  }

  /** A list of parameters with its parentheses; names of parameter properties are added to `properties`. */
  protected parseParameters(properties?: string[]): void {
    this.expect("(");
    while (!this.is(")")) {
      this.#parseParameter(properties);
      if (!this.take(",") && !this.is(")")) this.unexpected(")");
    }
    this.next();
  }

  /** Decorators, modifiers, `...`, a name or pattern, `?`, a type, a default: all but name and default are erased. */
  #parseParameter(properties: string[] | undefined): void {
    if (this.is("@")) {
      this.fail(
        "Unexpected '@': decorators on parameters are not supported, as in standard JavaScript: decorate the class, the method or a field instead",
      );
    }
    const hasModifier = this.#eraseModifiers();
    if (this.is("this")) return this.#eraseThis();
    const isProperty = hasModifier && properties !== undefined;
    if (isProperty && this.type !== T.name) {
      this.fail("A parameter property cannot be a binding pattern or a rest parameter");
    }
    if (isProperty) properties.push(this.value);
    this.take("...");
    this.parseTarget("here");
    this.eraseMark("?");
    this.eraseAnnotation();
    if (this.take("=")) this.parseAssignment();
  }

  /** Erases `private readonly`; true if there was one. `(readonly)` and `(public = 1)` have parameters of those names. */
  #eraseModifiers(): boolean {
    let found = false;
    while (this.type === T.name && PARAMETER_MODIFIER.test(this.value)) {
      const next = this.peek();
      const follows = next.type === T.name ? next.value !== "in" : /^(?:\[|\{|\.\.\.)$/.test(next.value);
      if (!follows) break;
      this.edits.erase(this.start, this.end);
      this.next();
      found = true;
    }
    return found;
  }

  /** `this: T,` is not a parameter. */
  #eraseThis(): void {
    const { start } = this;
    this.next();
    if (this.is(":")) this.parseAnnotation();
    this.edits.erase(start, this.is(",") ? this.end : this.previousEnd);
  }

  /** Erases a `?` or `!` after a name. */
  protected eraseMark(mark: "?" | "!"): boolean {
    if (!this.is(mark)) return false;
    this.edits.erase(this.start, this.end);
    this.next();
    return true;
  }

  /** `: T` */
  protected eraseAnnotation(): boolean {
    if (!this.is(":")) return false;
    const { start } = this;
    this.parseAnnotation();
    this.edits.erase(start, this.previousEnd);
    return true;
  }

  /** A name or a pattern that is declared. */
  protected parseTarget(declares: Declares, declared?: Declared[]): void {
    if (this.is("[") || this.is("{")) return this.#parsePattern(declares, declared);
    if (this.type !== T.name) this.unexpected();
    this.#declare(this.value, this.start, this.end, false, declares, declared);
    this.next();
  }

  /** Notes a declared name in the scope that its declaration says. */
  #declare(
    name: string,
    start: number,
    end: number,
    isShorthand: boolean,
    declares: Declares,
    declared?: Declared[],
  ): void {
    declared?.push({ name, start, end, isShorthand });
    if (declares === "here") this.names.declare(name);
    else if (declares === "function") this.names.declare(name, this.names.variables);
    else if (declares === "member") this.names.declareMember(name, true);
  }

  /** `[a, , ...b]`, `{ a, b: c = 1, [k]: d }`. Defaults and computed keys are expressions and may hold types. */
  #parsePattern(declares: Declares, declared?: Declared[]): void {
    const close = this.value === "[" ? "]" : "}";
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false };
    this.next();
    while (!this.take(close)) {
      if (this.take(",")) continue;
      if (this.take("...") || close === "]") this.parseTarget(declares, declared);
      else this.#parsePatternProperty(declares, declared);
      if (this.take("=")) this.parseAssignment();
      if (!this.is(close) && !this.take(",")) this.unexpected(close);
    }
    this.context = saved;
  }

  /** `a`, `a: target`; only `a` alone declares by its own name. */
  #parsePatternProperty(declares: Declares, declared?: Declared[]): void {
    const { type, value, start, end } = this;
    this.parsePropertyName();
    if (this.take(":")) return this.parseTarget(declares, declared);
    if (type !== T.name) this.unexpected(":");
    this.#declare(value, start, end, true, declares, declared);
  }

  // --- arrow functions

  /** `a => …`, after its name, which was recorded as a reference. */
  protected parseNamedArrow(start: number, isAsync: boolean, mayReturnType: boolean): void {
    const parameter = this.source.slice(start, this.previousEnd);
    // The name was read as an expression before the `=>` was seen, so it was noted as a reference. It is a parameter.
    if (!isAsync && this.names.matter) this.names.references.pop();
    this.names.open(S.function);
    this.names.declare(parameter);
    this.next();
    this.#parseArrowBody(isAsync, mayReturnType);
  }

  /**
   * Reads an arrow function if one begins here; false: nothing was consumed.
   *
   *   (a, b)         parentheses        until the `=>`, nothing tells them apart, and types in between (`(a: T): U =>`) are no expressions
   *   (a): b => c    in `x ? (a) : b => c` the colon belongs to the conditional
   *   <T>(a) => b    `<T>(a)` is a cast
   *   async (a)      a call of a function named async
   *
   * So a few tokens are looked at first (`#arrowLikelihood`, TypeScript's own table): they decide for most parentheses. Only the rest is a
   * guess, with all edits undone if it was wrong.
   */
  protected tryArrow(mayReturnType: boolean): boolean {
    if (this.type === T.punctuator) {
      if (this.value !== "(" && !this.isAngle()) return false;
    } else if (!this.is("async")) return false;
    if (this.is("async") && this.#parseAsyncNamedArrow(mayReturnType)) return true;
    const { start } = this;
    const likelihood = this.#arrowLikelihood();
    if (likelihood === "no" || this.#noArrows.has(start)) return false;
    if (likelihood === "certain") {
      this.#parseArrowHead();
      this.#parseArrowBody(this.#isAsyncArrow, true);
      return true;
    }
    if (this.#attemptArrow(mayReturnType)) return true;
    this.#noArrows.add(start);
    return false;
  }

  /** Set by parseArrowHead. */
  #isAsyncArrow = false;
  #hasReturnType = false;

  /** The guess. The body is part of it only where a return type is in doubt; elsewhere `=>` proves the head right. */
  #attemptArrow(mayReturnType: boolean): boolean {
    let hasBody = false;
    const isArrow = this.attempt(() => {
      this.#parseArrowHead();
      if (mayReturnType || !this.#hasReturnType) return true;
      // `a ? (b) : c => d`: the colon may belong to the conditional. With a return type, another one must follow.
      this.#parseArrowBody(this.#isAsyncArrow, false);
      hasBody = true;
      return this.is(":");
    });
    if (isArrow && !hasBody) this.#parseArrowBody(this.#isAsyncArrow, mayReturnType);
    return isArrow;
  }

  /** `async a => …` */
  #parseAsyncNamedArrow(mayReturnType: boolean): boolean {
    const isOne = this.ahead(() => {
      this.next();
      if (this.newline || this.type !== T.name) return false;
      this.next();
      return this.is("=>") && !this.newline;
    });
    if (!isOne) return false;
    this.next();
    const { start } = this;
    this.next();
    this.parseNamedArrow(start, true, mayReturnType);
    return true;
  }

  /** Looks at the tokens after `(`, `<` or `async`, and comes back. `async (` may be a call, so it is never certain. */
  #arrowLikelihood(): "no" | "maybe" | "certain" {
    const place = this.place();
    const isAsync = this.is("async");
    if (isAsync) this.next();
    const answer: "no" | "maybe" | "certain" =
      isAsync && (this.newline || !(this.is("(") || this.isAngle())) ? "no" : this.#likelihoodHere();
    this.goTo(place);
    return isAsync && answer === "certain" ? "maybe" : answer;
  }

  /**
   *   ()  before `=>`, `:` or `{`    certain         (...             certain          <T                 maybe
   *   (a:                           certain         (a?  and : , = )  certain          (public a          certain
   *   (a,  (a=  (a)                 maybe           (  [ or {         maybe            anything else      no
   */
  #likelihoodHere(): "no" | "maybe" | "certain" {
    const isAngle = this.value === "<";
    this.next();
    if (isAngle) return this.type === T.name ? "maybe" : "no";
    if (this.is(")")) {
      this.next();
      return this.is("=>") || this.is(":") || this.is("{") ? "certain" : "no";
    }
    if (this.is("[") || this.is("{") || this.is("@")) return "maybe";
    if (this.is("...")) return "certain";
    if (this.type !== T.name) return "no";
    if (PARAMETER_MODIFIER.test(this.value)) {
      const next = this.peek();
      if (next.type === T.name && !PRECEDENCE.has(next.value)) return "certain";
    }
    this.next();
    if (this.is(":")) return "certain";
    if (this.is("?")) {
      this.next();
      return this.is(":") || this.is(",") || this.is("=") || this.is(")") ? "certain" : "no";
    }
    return this.is(",") || this.is("=") || this.is(")") ? "maybe" : "no";
  }

  /** Parses up to and including `=>`, and leaves the scope of the function open. */
  #parseArrowHead(): void {
    const { start } = this;
    // From here on errors are real if the head was certain: they are reported where they are, not as a missing `=>`.
    const isAsync = this.take("async");
    const headStart = isAsync ? this.start : start;
    this.names.open(S.function);
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false, isAsync: isAsync || saved.isAsync };
    this.eraseTypeParameters();
    this.#guardParenthesis(start, headStart, isAsync);
    this.parseParameters();
    const close = this.previousEnd - 1;
    this.#hasReturnType = this.is(":");
    if (this.#hasReturnType) this.#eraseReturnType(close);
    this.context = saved;
    if (!this.is("=>")) this.unexpected("=>");
    this.next();
    this.#isAsyncArrow = isAsync;
  }

  /** `async <T⏎>(a) => b`, `return <T⏎>(a) => b`: the parenthesis goes where the type parameters began. */
  #guardParenthesis(start: number, headStart: number, isAsync: boolean): void {
    if (headStart === this.start || !(isAsync || start === this.restricted)) return;
    if (!this.is("(") || !hasLineEnd(this.source, headStart, this.start)) return;
    this.edits.erase(this.start, this.end);
    this.edits.overwrite(headStart, "(");
  }

  /** `(a): {⏎} => b`: no line may end between `)` and `=>`. */
  #eraseReturnType(close: number): void {
    const { start } = this;
    this.next();
    this.parseReturnType();
    this.edits.erase(start, this.previousEnd);
    if (!hasLineEnd(this.source, close, this.start)) return;
    this.edits.erase(close, close + 1);
    this.edits.overwrite(this.previousEnd - 1, ")");
  }

  /** The body of an arrow function, whose scope is open and is closed after it. */
  #parseArrowBody(isAsync: boolean, mayReturnType: boolean): void {
    const saved = this.context;
    this.context = { ...saved, isAsync, isGenerator: false, isTop: false };
    if (this.is("{")) {
      this.context.noIn = false;
      this.context.isDecorator = false;
      this.names.open(S.function);
      this.parseBlock();
      this.names.close();
    } else {
      const { start } = this;
      this.parseAssignment(mayReturnType);
      // `() => <T>{}` would become a block.
      if (this.cast.start === start && this.cast.operand === "{") this.guardCast("0?0:");
    }
    this.names.close();
    this.context = saved;
  }

  /** Writes `text` before the operand that is left of a cast. */
  protected guardCast(text: string): void {
    this.edits.overwriteOrInsert(this.cast.start, this.cast.end, text);
    this.cast = { start: -1, end: -1, operand: "" };
  }
}
