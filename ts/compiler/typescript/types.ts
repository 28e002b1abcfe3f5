// Owns the grammar of types: where a type begins and where it ends. Must never decide what happens to it, and must never accept as part
// of a type any code that runs.

//
// The parser is a tower of classes; each adds one subject and leaves what it needs from above abstract:
//
//   Scanner < TypeParser < FunctionParser < ExpressionParser < ClassParser < StatementParser < ContainerParser < ModuleParser
//   tokens    types        parameters       operators          members       statements        enums, namespaces  imports
//
// Types are only skipped: a method here consumes tokens and returns. What encloses the type notes where it began and erases the range.
//
// Three ways to look ahead, from cheap to dear:
//
//   peek      the next token, for words that are keywords only before another word (`abstract class`)
//   ahead     any number of tokens by a function that only asks; the place is put back
//   attempt   real parsing with its edits and names; everything is undone if it fails. Guesses nest (parentheses in parentheses): what
//             has failed once is remembered (FunctionParser), or the time would double with each level
import type { Edits } from "./edits.ts";
import type { Names } from "./names.ts";
import { Scanner, T, WRONG_WAY, type Place } from "./scanner.ts";

/** Syntactic context: what the surroundings of some code allow. */
export interface Context {
  /** `in` is not an operator: the head of a `for`. */
  noIn: boolean;
  /** `[` is not a property access: a decorator. */
  isDecorator: boolean;
  /** `A extends B` is not the beginning of a conditional type. */
  noConditionalType: boolean;
  /** Inside an ambient declaration. */
  isAmbient: boolean;
  /** The code read now will be erased: expressions in types. */
  isErased: boolean;
  isAsync: boolean;
  isGenerator: boolean;
  /** Outside of all functions. */
  isTop: boolean;
}

/** Words that are modifiers of a member of an interface or object type if the name comes after them. */
const MEMBER_MODIFIER =
  /^(?:readonly|get|set|public|private|protected|static|async|override|abstract|declare|accessor)$/;

/** Types that take no arguments: `a as number < 5` compares. */
const KEYWORD_TYPES = new Set(
  "any bigint boolean false never null number object string symbol this true undefined unknown void".split(" "),
);

export abstract class TypeParser extends Scanner {
  readonly edits: Edits;
  readonly names: Names;
  context: Context = {
    noIn: false,
    isDecorator: false,
    noConditionalType: false,
    isAmbient: false,
    isErased: false,
    isAsync: false,
    isGenerator: false,
    isTop: true,
  };

  constructor(source: string, edits: Edits, names: Names) {
    super(source);
    this.edits = edits;
    this.names = names;
  }

  // Types hold expressions in four places: computed keys, attributes of import types, default values in signatures, `typeof` of a name.
  protected abstract parseExpression(): void;
  protected abstract parseAssignment(): void;
  protected abstract parseTemplate(): void;
  protected abstract parseTarget(declares: "nothing"): void;
  /** The parameters of a signature, with their parentheses. */
  protected abstract parseSignatureParameters(): void;

  /** Reads in another context. */
  protected within(change: Partial<Context>, read: () => void): void {
    const saved = this.context;
    this.context = { ...saved, ...change };
    read();
    this.context = saved;
  }

  /**
   * Reads speculatively: if `read` fails or returns false, everything is as before. `speculating` makes errors throw WRONG_WAY instead of
   * an error with a message: a wrong guess costs no stack trace. Everything that reading changes is restored: the place, the edits, the
   * names, the context. A subclass that adds a field which outlives a guess must say why.
   */
  protected attempt(read: () => boolean): boolean {
    const place = this.place();
    const edits = this.edits.mark();
    const names = this.names.mark();
    const { context } = this;
    this.speculating++;
    let isRight = false;
    try {
      isRight = read();
    } catch (error) {
      if (error !== WRONG_WAY) throw error;
    }
    this.speculating--;
    if (isRight) return true;
    this.goTo(place);
    this.edits.backTo(edits);
    this.names.backTo(names);
    this.context = context;
    return false;
  }

  /** The token after the one at hand. */
  protected peek(): Place {
    const place = this.place();
    this.next();
    const next = this.place();
    this.goTo(place);
    return next;
  }

  /** Looks at the tokens that follow, without consuming them. */
  protected ahead(ask: () => boolean): boolean {
    const place = this.place();
    const answer = ask();
    this.goTo(place);
    return answer;
  }

  /** Is the token at hand that word or that operator? */
  protected is(value: string): boolean {
    return this.value === value && !this.escaped && this.type !== T.privateName;
  }

  /** Consumes the token at hand if it is that word or operator. */
  protected take(value: string): boolean {
    if (!this.is(value)) return false;
    this.next();
    return true;
  }

  /** Consumes the token at hand, which must be that word or operator. */
  protected expect(value: string): void {
    if (!this.take(value)) this.unexpected(value);
  }

  /** `<` that begins type arguments may be read as part of `<<`. */
  protected isAngle(): boolean {
    if (this.type !== T.punctuator || this.value[0] !== "<") return false;
    if (this.value === "<<" || this.value === "<<=") this.splitPunctuator();
    return this.value === "<";
  }

  /** From `:` to the end of the type. */
  protected parseAnnotation(): void {
    this.expect(":");
    this.parseType();
  }

  /**
   * Type: FunctionType | ConditionalType
   *
   * ConditionalType: Union [extends Type ? Type : Type], unless the context forbids it: in `A extends B ? C : D`, B itself must not take
   * the `?`. A line end before `extends` ends the type, as in TypeScript.
   */
  protected parseType(): void {
    if (this.#beginsFunctionType()) return this.#parseFunctionType();
    this.#parseUnion();
    if (this.context.noConditionalType || this.newline || !this.is("extends")) return;
    this.next();
    this.within({ noConditionalType: true }, () => this.parseType());
    this.expect("?");
    this.#parseFree();
    this.expect(":");
    this.#parseFree();
  }

  /** A type between brackets, where everything is allowed again. */
  #parseFree(): void {
    if (!this.context.noConditionalType) return this.parseType();
    this.within({ noConditionalType: false }, () => this.parseType());
  }

  /** The type after the `:` of a function or the `=>` of a function type: also `x is T`, `asserts x`. */
  protected parseReturnType(): void {
    if (this.type === T.name) {
      const isPredicate = this.ahead(() => {
        this.next();
        return this.is("is") && !this.newline;
      });
      if (isPredicate) {
        this.next();
        this.next();
      }
    }
    this.#parseFree();
  }

  /** `<A, B>`. The last `>` is a token of its own even in `>>`: the scanner reads `>` alone until it is asked for more. */
  protected parseTypeArguments(): void {
    if (!this.isAngle()) this.unexpected("<");
    this.next();
    while (!this.is(">")) {
      this.#parseFree();
      if (!this.take(",") && !this.is(">")) this.unexpected(">");
    }
    this.next();
  }

  /** `<const A extends B = C, in out D>` */
  protected parseTypeParameters(): void {
    if (!this.isAngle()) this.unexpected("<");
    this.next();
    while (!this.is(">")) {
      this.#parseTypeParameter();
      if (!this.take(",") && !this.is(">")) this.unexpected(">");
    }
    this.next();
  }

  /** Modifiers (`const`, `in`, `out`) are words before another word; the last word is the name, unless `extends` follows it. */
  #parseTypeParameter(): void {
    for (;;) {
      if (this.type !== T.name) this.unexpected();
      const next = this.peek();
      if (next.type !== T.name || next.value === "extends") break;
      this.next();
    }
    this.next();
    if (this.take("extends")) this.#parseFree();
    if (this.take("=")) this.#parseFree();
  }

  /** `(a: T) => U`, `<T>(a: T) => T`, `new () => T`, `abstract new () => T`: decided before anything is consumed. */
  #beginsFunctionType(): boolean {
    if (this.type === T.punctuator) {
      if (this.value === "(") return this.ahead(() => this.#beginsParameters());
      return this.isAngle();
    }
    if (this.is("new")) return true;
    return this.is("abstract") && this.ahead(() => (this.next(), this.is("new")));
  }

  /**
   * After a `(`: parameters (true), or a type in parentheses? TypeScript's own rule (isUnambiguouslyStartOfFunctionType): `()` and `(...`
   * are parameters; after a name or a pattern, one of `: , ? =` decides for parameters, and so does `)` before `=>`. Anything else is a
   * type: `(A)`, `(A | B)`, `({ a: 1 })[]`.
   */
  #beginsParameters(): boolean {
    this.next();
    if (this.is(")") || this.is("...")) return true;
    while (this.type === T.name && this.#isModifierOfParameter()) this.next();
    if (!this.is("[") && !this.is("{")) return this.type === T.name && (this.next(), this.#followsParameter());
    // Anything that is not a pattern is a type, such as `{ a: 1 }`.
    let answer = false;
    this.attempt(() => {
      this.parseTarget("nothing");
      answer = this.#followsParameter();
      return false;
    });
    return answer;
  }

  #followsParameter(): boolean {
    if (this.is(":") || this.is(",") || this.is("?") || this.is("=")) return true;
    if (!this.is(")")) return false;
    this.next();
    return this.is("=>");
  }

  /** `public a` in a signature: the word is a modifier only if a name or a pattern follows. */
  #isModifierOfParameter(): boolean {
    const next = this.peek();
    const follows = next.type === T.name || next.value === "[" || next.value === "{";
    return follows && /^(?:public|private|protected|readonly|override)$/.test(this.value);
  }

  /** [abstract] [new] [type parameters] (parameters) => return type */
  #parseFunctionType(): void {
    this.take("abstract");
    this.take("new");
    if (this.isAngle()) this.parseTypeParameters();
    this.parseSignatureParameters();
    this.expect("=>");
    this.parseReturnType();
  }

  /** `| A | B & C`: a leading operator is allowed, for lists of one alternative a line. */
  #parseUnion(): void {
    if (this.is("|")) this.next();
    do {
      if (this.is("&")) this.next();
      do {
        if (this.#beginsFunctionType()) this.#parseFunctionType();
        else this.#parseOperator();
      } while (this.take("&"));
    } while (this.take("|"));
  }

  /** `keyof T`, `unique symbol`, `readonly T[]`, `infer T`: prefix words that may follow each other. */
  #parseOperator(): void {
    while (this.type === T.name && !this.escaped) {
      const isOperator = this.value === "keyof" || this.value === "unique" || this.value === "readonly";
      if (this.value === "infer" && this.#continues()) return this.#parseInfer();
      if (!isOperator || !this.#continues()) break;
      this.next();
    }
    this.#parsePostfix();
  }

  /** Does a type follow the word at hand? If not, the word is a type itself. */
  #continues(): boolean {
    const { type, value } = this.peek();
    if (type !== T.punctuator) return type !== T.eof && value !== "extends" && value !== "is";
    return value === "(" || value === "[" || value === "{" || value === "`" || value === "-";
  }

  /** `infer T extends U`, where the `extends` belongs to `infer` only if no `?` follows; else it begins a conditional type. A guess. */
  #parseInfer(): void {
    this.next();
    this.next();
    if (!this.is("extends")) return;
    this.attempt(() => {
      this.next();
      this.within({ noConditionalType: true }, () => this.parseType());
      return this.context.noConditionalType || !this.is("?");
    });
  }

  /** `T[]`, `T["key"]`, `T!`, `T?`. A line end ends the type: the `[` on the next line may begin a statement. */
  #parsePostfix(): void {
    this.#parsePrimary();
    while (!this.newline) {
      if (this.is("[")) {
        this.next();
        if (!this.is("]")) this.#parseFree();
        this.expect("]");
      } else if (this.is("!") || (this.is("?") && this.#endsBehindQuestion())) this.next();
      else return;
    }
  }

  /** `T?` as in JSDoc: the token after the `?` cannot begin the middle part of a conditional expression. */
  #endsBehindQuestion(): boolean {
    const { type, value } = this.peek();
    return type === T.eof || (type === T.punctuator && /^[,)\]>=;}]$/.test(value));
  }

  /** A type without operators around it. */
  #parsePrimary(): void {
    switch (this.type) {
      case T.name:
        return this.#parseNamed();
      case T.number:
      case T.bigint:
      case T.string:
        return this.next();
      default:
        return this.#parseBracketed();
    }
  }

  /** Types that begin with a punctuator; `*`, `?T` and `!T` are those of JSDoc. */
  #parseBracketed(): void {
    switch (this.value) {
      case "(":
        this.next();
        this.#parseFree();
        return this.expect(")");
      case "[":
        return this.#parseTuple();
      case "{":
        return this.#parseMembers();
      case "`":
        return this.parseTemplateType();
      case "-":
        this.next();
        if (this.type !== T.number && this.type !== T.bigint) this.unexpected();
        return this.next();
      case "*":
        return this.next();
      case "?":
      case "!":
        this.next();
        return this.#parsePostfix();
      default:
        return this.unexpected();
    }
  }

  /** `typeof a.b`, `import("x")`, `asserts x is T`, `this is T`, keywords, `A.B<C>`. */
  #parseNamed(): void {
    const isWord = !this.escaped;
    if (isWord && this.value === "typeof") {
      this.next();
      if (this.is("import")) return this.#parseImportType();
      return this.#parseEntityName();
    }
    if (isWord && this.value === "import") return this.#parseImportType();
    if (isWord && this.value === "asserts") {
      const { type, newline } = this.peek();
      if (type === T.name && !newline) {
        this.next();
        this.next();
        if (this.is("is") && !this.newline) {
          this.next();
          this.parseType();
        }
        return;
      }
    }
    const isKeyword = isWord && KEYWORD_TYPES.has(this.value);
    if (isKeyword && this.peek().value !== ".") {
      const isThis = this.value === "this";
      this.next();
      // `this is T`
      if (isThis && !this.newline && this.take("is")) this.parseType();
      return;
    }
    this.#parseEntityName();
  }

  /** `a.b.c<T>` */
  #parseEntityName(): void {
    if (this.type !== T.name) this.unexpected();
    this.next();
    while (this.is(".")) {
      this.next();
      if (this.type !== T.name && this.type !== T.privateName) this.unexpected();
      this.next();
    }
    if (!this.newline && this.isAngle()) this.parseTypeArguments();
  }

  /** `import("x", { with: { … } }).a<T>` */
  #parseImportType(): void {
    this.next();
    this.expect("(");
    this.#parseFree();
    if (this.take(",") && !this.is(")")) {
      this.within({ isErased: true }, () => this.parseAssignment());
      this.take(",");
    }
    this.expect(")");
    if (this.take(".")) this.#parseEntityName();
    else if (!this.newline && this.isAngle()) this.parseTypeArguments();
  }

  /** `[A, b?: B, ...C[]]` */
  #parseTuple(): void {
    this.expect("[");
    while (!this.is("]")) {
      this.take("...");
      // A label may be any word.
      if (this.type === T.name && this.#isLabel()) {
        this.next();
        this.take("?");
        this.expect(":");
        this.take("...");
      }
      this.#parseFree();
      this.take("?");
      if (!this.take(",") && !this.is("]")) this.unexpected("]");
    }
    this.next();
  }

  /** `name:` or `name?:` in a tuple; a type may end with `?`, so the colon decides. */
  #isLabel(): boolean {
    return this.ahead(() => {
      this.next();
      this.take("?");
      return this.is(":");
    });
  }

  /** A template whose holes are types. */
  protected parseTemplateType(): void {
    while (!this.readTemplateText()) {
      this.next();
      this.#parseFree();
      if (!this.is("}")) this.unexpected("}");
    }
    this.next();
  }

  /** The body of an interface, of an object type, or a mapped type. */
  protected parseTypeMembers(): void {
    this.#parseMembers();
  }

  /** `{ a: A; b?(): B, [k: string]: C }`: members end with `;`, `,` or a line end. */
  #parseMembers(): void {
    const saved = this.context;
    this.context = { ...saved, noConditionalType: false, noIn: false };
    this.expect("{");
    while (!this.take("}")) {
      this.#parseMember();
      if (!this.take(";") && !this.take(",") && !this.is("}") && !this.newline) this.unexpected("}");
    }
    this.context = saved;
  }

  /** Properties, methods, accessors, call and construct signatures, index signatures, and mapped types with their `+` and `-`. */
  #parseMember(): void {
    if (this.is("+") || this.is("-")) this.next();
    while (this.type === T.name && MEMBER_MODIFIER.test(this.value) && this.#isModifierOfMember()) this.next();
    if (this.is("new") && /^[(<]/.test(this.peek().value)) this.next();
    if (this.is("[")) this.#parseKey();
    else if (!this.is("(") && !this.isAngle()) {
      if (this.type === T.punctuator || this.type === T.eof) this.unexpected();
      this.next();
    }
    if (this.is("+") || this.is("-")) this.next();
    if (!this.take("?")) this.take("!");
    if (this.isAngle()) this.parseTypeParameters();
    if (this.is("(")) this.parseSignatureParameters();
    if (this.take(":")) this.parseReturnType();
    if (this.take("=")) this.within({ isErased: true }, () => this.parseAssignment());
  }

  /** `readonly a`, but not `readonly: T` or `readonly?(): T`, where the word is the name. */
  #isModifierOfMember(): boolean {
    const { type, value } = this.peek();
    return type === T.punctuator ? value === "[" : type !== T.eof;
  }

  /** `[k: string]`, `[K in T as U]` or a computed name. */
  #parseKey(): void {
    this.next();
    const next = this.type === T.name ? this.peek() : null;
    if (next?.value === ":" || next?.value === "?" || next?.value === ",") {
      while (!this.is("]")) {
        this.next();
        this.take("?");
        if (this.take(":")) this.#parseFree();
        if (!this.take(",") && !this.is("]")) this.unexpected("]");
      }
    } else if (next?.value === "in") {
      this.next();
      this.next();
      this.#parseFree();
      if (this.take("as")) this.#parseFree();
    } else this.within({ isErased: true, noIn: false }, () => this.parseExpression());
    this.expect("]");
  }
}
