// Owns the grammar of classes: members without an implementation disappear entirely, and parameter properties become a field and an
// assignment. Must never touch a method's code beyond the assignments it has to insert.

//
//   class A<T> extends B<T> implements C {        class A    extends B                 {b;
//     private a!: number;                                   a         ;
//     declare d: string;                            (spaces)
//     f(): void;                                    (spaces)
//     f(x?: T): void { … }                          f(x    )       { … }
//     constructor(readonly b: T) { super(); … }     constructor(         b   ) { super();this.b=b; … }
//   }                                             }
//
// A field that ends with its line relies on an automatic semicolon, which depends on the next token. If the next member is erased, or loses
// the modifier that it began with, a `;` is written there (`afterLine`).
import { ExpressionParser } from "./expressions.ts";
import type { FunctionKind } from "./functions.ts";
import { R, S } from "./names.ts";
import { T } from "./scanner.ts";

/** Words that are modifiers of a member if its name comes after them. `in`, `out`, `const` are errors there that TypeScript names. */
const MODIFIERS = new Set(
  "public private protected static abstract override readonly declare accessor async export const default in out".split(
    " ",
  ),
);
/** The modifiers that JavaScript has, too. */
const KEPT = new Set(["static", "accessor", "async"]);

/** Where assignments to properties can go in the body of a constructor; filled in while it is parsed. */
export interface BodyWatch {
  /** After the `{` and the directives. */
  begin: number;
  /** After the statement `super(…)`; −1 until one is found. */
  superEnd: number;
  /** Does that statement end with a semicolon? */
  hasSemicolon: boolean;
}

/** The beginning of a member that has been read. */
interface Member {
  readonly start: number;
  /** Where the decorators end; `start` if the member has no decorators. */
  readonly bare: number;
  readonly modifiers: Set<string>;
}

/** The class that is being read. */
interface ClassState {
  readonly bodyStart: number;
  readonly isDerived: boolean;
}

export abstract class ClassParser extends ExpressionParser {
  /** Was the previous statement or field ended by a line end, without a semicolon? */
  protected afterLine = false;
  /** To be filled in by the next block that is parsed. */
  protected watch: BodyWatch | null = null;

  protected abstract endStatement(): void;

  /** `@a.b(c)`, any number of them. They stay: Fermata compiles the decorators of the proposal, not those of `experimentalDecorators`. */
  protected override parseDecorators(): void {
    while (this.is("@") && this.type === T.punctuator) {
      this.next();
      this.within({ isDecorator: true, noIn: false }, () => this.parseLeftHandSide());
    }
  }

  /** Parses a class, from the word `class` on; returns its name. */
  protected override parseClass(isDeclaration: boolean): string {
    this.expect("class");
    const name = this.#parseClassName(isDeclaration);
    this.eraseTypeParameters();
    const isDerived = this.is("extends");
    if (isDerived) this.#parseHeritage();
    if (this.is("implements")) this.#eraseImplements();
    this.#parseClassBody(isDerived);
    if (!isDeclaration) this.names.close();
    return name;
  }

  /** The name of a class expression is visible only inside it. */
  #parseClassName(isDeclaration: boolean): string {
    const isName = this.type === T.name && !this.is("extends") && !(this.is("implements") && this.#beginsImplements());
    const name = isName ? this.value : "";
    if (!isDeclaration) {
      this.names.open(S.block);
      if (isName) this.names.declare(name);
    }
    if (isName) this.next();
    return name;
  }

  /** `class implements {}` is a class of that name; `class implements A {}` has no name. */
  #beginsImplements(): boolean {
    const { type, value } = this.peek();
    return type === T.name && value !== "extends" && value !== "implements";
  }

  /** `extends A<T>`: the type arguments are erased, the expression stays. https://tc39.es/ecma262/#prod-ClassHeritage */
  #parseHeritage(): void {
    this.next();
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false };
    this.parseLeftHandSide();
    if (this.isAngle()) {
      const { start } = this;
      this.parseTypeArguments();
      this.edits.erase(start, this.previousEnd);
    }
    this.context = saved;
  }

  /** `implements A, B` */
  #eraseImplements(): void {
    const { start } = this;
    this.next();
    do this.parseType();
    while (this.take(","));
    this.edits.erase(start, this.previousEnd);
  }

  /** The members between the braces; `bodyStart` is where fields for parameter properties go. */
  #parseClassBody(isDerived: boolean): void {
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false };
    const state: ClassState = { bodyStart: this.end, isDerived };
    this.expect("{");
    this.afterLine = false;
    while (!this.take("}")) {
      if (this.take(";")) this.afterLine = false;
      else this.#parseMember(state);
    }
    this.afterLine = false;
    this.context = saved;
  }

  // --- members

  /**
   * A member: decorators, modifiers, then one of static block, index signature, method, accessor, constructor or field. Which one it is
   * shows only after the name: at a `(` or `<` it is a method, whose missing body makes it a declaration.
   */
  #parseMember(state: ClassState): void {
    const { start, afterLine } = this;
    this.parseDecorators();
    const member: Member = {
      start,
      bare: this.start,
      modifiers: this.#readModifiers(afterLine && this.start === start),
    };
    const { modifiers } = member;
    if (this.is("[") && this.#beginsIndexSignature()) return this.#eraseIndexSignature(member, afterLine);
    if (modifiers.has("static") && this.is("{")) return this.#parseStaticBlock();
    const nameStart = this.start;
    const isConstructor = this.#isConstructor(member);
    const isAccessor = (this.is("get") || this.is("set")) && this.#takesName();
    if (isAccessor) this.next();
    const isGenerator = this.take("*");
    this.parsePropertyName();
    if (!this.eraseMark("?")) this.eraseMark("!");
    if (!this.is("(") && !this.isAngle()) return this.#parseField(member, afterLine);
    const kind = { isAsync: modifiers.has("async"), isGenerator };
    const isWhole = isConstructor ? this.#parseConstructor(kind, state) : this.parseFunctionRest(kind);
    if (!isWhole) return this.#endBodiless(member, afterLine, isAccessor);
    this.afterLine = false;
    if (modifiers.has("abstract")) this.fail("An abstract method cannot have an implementation", nameStart);
  }

  /** The modifiers of a member; those of TypeScript only become spaces. */
  #readModifiers(afterLine: boolean): Set<string> {
    const modifiers = new Set<string>();
    let isGuarded = !afterLine;
    while (this.type === T.name && MODIFIERS.has(this.value) && !this.escaped && this.#isModifier()) {
      modifiers.add(this.value);
      if (!KEPT.has(this.value)) {
        this.edits.erase(this.start, this.end);
        // `x = 1⏎ public [y] = 2`: the line end alone would not end the field before.
        if (!isGuarded) this.edits.overwrite(this.start, ";");
      }
      isGuarded = true;
      this.next();
    }
    return modifiers;
  }

  /**
   * A word is a modifier if a name follows on its line; `static` may end its line. `static = 1` and `async() {}` have members of that name.
   */
  #isModifier(): boolean {
    const isStatic = this.value === "static";
    const isAccessor = this.value === "accessor";
    const { type, value, newline } = this.peek();
    if (newline && !isStatic) return false;
    if (type !== T.punctuator) return type !== T.eof;
    return value === "[" || (value === "*" && !isAccessor) || (isStatic && value === "{");
  }

  /** Is the `get` or `set` at hand followed by the name of an accessor? */
  #takesName(): boolean {
    const { type, value } = this.peek();
    return type === T.punctuator ? value === "[" : type !== T.eof;
  }

  /** `constructor` or `"constructor"`; a static or async method of that name is an ordinary one. */
  #isConstructor({ modifiers }: Member): boolean {
    if (modifiers.has("static") || modifiers.has("async")) return false;
    if (this.type === T.name) return this.value === "constructor";
    return this.type === T.string && this.source.slice(this.start + 1, this.end - 1) === "constructor";
  }

  /** `[key: string]: T`; `[key]: T` is a field with a computed name. TypeScript's isUnambiguouslyIndexSignature. */
  #beginsIndexSignature(): boolean {
    return this.ahead(() => {
      this.next();
      if (this.is("...") || this.is("]")) return true;
      if (this.type !== T.name) return false;
      if (MODIFIERS.has(this.value) && this.peek().type === T.name) return true;
      this.next();
      if (this.is(":") || this.is(",")) return true;
      if (!this.take("?")) return false;
      return this.is(":") || this.is(",") || this.is("]");
    });
  }

  /** The names in an index signature are visible nowhere. */
  #eraseIndexSignature(member: Member, afterLine: boolean): void {
    this.names.open(S.function);
    this.next();
    while (!this.is("]")) {
      while (this.type === T.name && MODIFIERS.has(this.value) && this.peek().type === T.name) this.next();
      this.take("...");
      this.parseTarget("nothing");
      this.take("?");
      if (this.is(":")) this.parseAnnotation();
      if (!this.take(",") && !this.is("]")) this.unexpected("]");
    }
    this.names.close();
    this.next();
    if (this.is(":")) this.parseAnnotation();
    this.#eraseMember(member, afterLine);
  }

  /** https://tc39.es/ecma262/#prod-ClassStaticBlock: a scope of its own, in which `await` and `yield` have no meaning. */
  #parseStaticBlock(): void {
    this.within({ isAsync: false, isGenerator: false, isTop: false }, () => {
      this.names.open(S.function);
      this.parseBlock();
      this.names.close();
    });
    this.afterLine = false;
  }

  /** `a?: T = b;`. A field that is only declared disappears; `a: T;` stays and sets undefined, as with `useDefineForClassFields`. */
  #parseField(member: Member, afterLine: boolean): void {
    this.eraseAnnotation();
    if (this.is("=") && this.type === T.punctuator) {
      this.next();
      this.within({ isAsync: false, isGenerator: false, isTop: false }, () => {
        // An initialiser is a function, as `arguments` and `var` in an eval show.
        this.names.open(S.function);
        this.parseAssignment();
        this.names.close();
      });
    }
    const isErased = member.modifiers.has("declare") || member.modifiers.has("abstract");
    if (isErased) return this.#eraseMember(member, afterLine);
    this.endStatement();
  }

  /** A method or an accessor without a body. */
  #endBodiless(member: Member, afterLine: boolean, isAccessor: boolean): void {
    if (!isAccessor || member.modifiers.has("abstract") || this.context.isAmbient) {
      return this.#eraseMember(member, afterLine);
    }
    // `get a(): T;` without `abstract`: TypeScript reports it and emits an empty body.
    this.edits.insert(this.previousEnd, "{}");
    this.#endMember();
    this.afterLine = false;
  }

  /** Replaces a member without run-time effect by spaces, up to its semicolon. */
  #eraseMember({ start, bare }: Member, afterLine: boolean): void {
    if (bare > start && !this.context.isAmbient) {
      this.fail("Decorators are not valid on a member without an implementation", bare);
    }
    this.#endMember();
    this.edits.eraseCode(start, this.previousEnd);
    if (afterLine) this.edits.overwrite(start, ";");
    this.afterLine = false;
  }

  /** The end of a member that is erased: a `;`, a line end, or the `}` of the class. */
  #endMember(): void {
    if (this.take(";") || this.is("}") || this.newline) return;
    // In a class, a comma can end a member that is only declared.
    if (!this.take(",")) this.unexpected(";");
  }

  // --- constructors

  /** Turns `constructor(private a: T)` into a field, a plain parameter and an assignment, in TypeScript's order. */
  #parseConstructor(kind: FunctionKind, state: ClassState): boolean {
    const properties: string[] = [];
    const { start } = this;
    const watch: BodyWatch = { begin: -1, superEnd: -1, hasSemicolon: false };
    const beforeBody = (): void => {
      this.watch = watch;
    };
    const isWhole = this.parseFunctionRest({ ...kind, properties, beforeBody });
    if (!isWhole || properties.length === 0 || this.context.isAmbient) return isWhole;
    // Fields first, assignments after `super(…)`: where TypeScript puts them, so other initialisers see the order that it defines.
    this.edits.insert(state.bodyStart, properties.map((name) => `${name};`).join(""));
    const assignments = properties.map((name) => `this.${name}=${name};`).join("");
    if (!state.isDerived) this.edits.insert(watch.begin, assignments);
    else if (watch.superEnd < 0) {
      this.fail(
        "A constructor with parameter properties must call 'super' in a statement of its own",
        this.#nameBefore(start),
      );
    } else this.edits.insert(watch.superEnd, (watch.hasSemicolon ? "" : ";") + assignments);
    return isWhole;
  }

  /** The start of the word `constructor` that ends before an offset. */
  #nameBefore(offset: number): number {
    return (
      offset - (/['"]?constructor['"]?\s*$/.exec(this.source.slice(Math.max(0, offset - 100), offset))?.[0].length ?? 0)
    );
  }

  /** A reference to the name at hand, for those who extend this. */
  protected readName(): string {
    const name = this.value;
    this.referHere(R.plain);
    this.next();
    return name;
  }
}
