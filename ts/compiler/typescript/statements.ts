// Owns the grammar of statements: declarations without run-time meaning become spaces, and a statement that an automatic semicolon
// ended must still end there. Must never know more about modules, namespaces and enums than where they begin.

//
//   interface A { … }      spaces                 declare const a: T;     spaces
//   type A = B;            spaces                 abstract class A        class A
//   enum, namespace        containers.ts          import, export          modules.ts
//
// Automatic semicolons are the danger. `a = b⏎interface C {}⏎(d)` is three statements; with spaces in the place of the interface, it would
// be `a = b(d)`. So a statement that a line end ended sets `afterLine`, and a statement that is erased next leaves a `;` where it began
// (`needsEnd`). The other way round, `x = y as T⏎(z)` has its `;` written over the erased type (`endStatement`).
// https://tc39.es/ecma262/#sec-automatic-semicolon-insertion
import { ClassParser, type BodyWatch } from "./classes.ts";
import type { Declared, Declares } from "./functions.ts";
import { S } from "./names.ts";
import { T } from "./scanner.ts";

/** The head of a declaration: where its statement begins, and whether it is exported. */
export interface DeclarationHead {
  readonly start: number;
  readonly isExported: boolean;
  /** Start of the word `export`. */
  readonly exportAt?: number;
  /** If the whole statement is erased, a `;` must end the one before it. */
  readonly needsEnd: boolean;
}

/** Words that can follow `declare`. */
const AMBIENT = new Set(
  "var let const using function class abstract enum namespace module global type interface async import".split(" "),
);

export abstract class StatementParser extends ClassParser {
  /** In ModuleParser; the word `import` is at hand. */
  protected abstract parseImport(head: DeclarationHead): void;
  /** In ModuleParser; the word `export` is at hand. */
  protected abstract parseExport(head: DeclarationHead): void;
  /** `from` is where `const` or `enum` begins. */
  protected abstract parseEnum(head: DeclarationHead, from: number): void;
  /** In ContainerParser; `namespace`, `module` or `global` is at hand. */
  protected abstract parseNamespace(head: DeclarationHead): void;
  /** A statement `export const …` of a namespace, after the word `export`. */
  protected abstract parseMemberVariables(head: DeclarationHead): void;
  /** Exports a function or class of a namespace, whose declaration ends here. */
  protected abstract exportMember(name: string, head: DeclarationHead): void;

  /** Start of the last statement that was only a type. */
  protected typeStatement = -1;
  /** Did the block read last hold only types? */
  protected heldTypes = false;

  /** https://tc39.es/ecma262/#prod-StatementList, up to the end of the source. */
  protected parseProgram(): void {
    this.#parseStatements(null, false);
  }

  /** `{ … }` in the scope at hand. A constructor with parameter properties has its body watched for the place after `super(…)`. */
  protected override parseBlock(): void {
    const { watch } = this;
    this.watch = null;
    if (watch !== null) watch.begin = this.end;
    this.expect("{");
    const holdsTypes = this.#parseStatements(watch, true);
    this.next();
    this.afterLine = false;
    this.heldTypes = holdsTypes;
  }

  /** Parses statements; true if all of them are types only, without run-time meaning. */
  #parseStatements(watch: BodyWatch | null, isBlock: boolean): boolean {
    this.afterLine = false;
    let isPrologue = watch !== null;
    let holdsTypes = true;
    while (isBlock ? !(this.is("}") && this.type === T.punctuator) : this.type !== T.eof) {
      // Directives stay first in a body: insertions go after them.
      isPrologue &&= this.type === T.string;
      const { start } = this;
      if (watch !== null) this.#parseWatched(watch, isPrologue);
      else this.parseStatement();
      holdsTypes &&= this.typeStatement === start;
    }
    return holdsTypes;
  }

  /** A statement of a constructor that has properties to assign. */
  #parseWatched(watch: BodyWatch, isPrologue: boolean): void {
    const isSuper = this.is("super") && this.peek().value === "(";
    const isTry = this.is("try");
    if (isTry && watch.superEnd < 0) {
      // The first `super(…)` may be in the block of a `try`.
      const inner: BodyWatch = { begin: -1, superEnd: -1, hasSemicolon: false };
      this.watch = inner;
      this.parseStatement();
      if (inner.superEnd >= 0) Object.assign(watch, { superEnd: inner.superEnd, hasSemicolon: inner.hasSemicolon });
      return;
    }
    this.parseStatement();
    if (isPrologue) watch.begin = this.previousEnd;
    if (!isSuper || watch.superEnd >= 0) return;
    watch.hasSemicolon = this.source[this.previousEnd - 1] === ";";
    const end = this.superCallEnd;
    // `super(…), f()` is not a place to insert after: the statement must be the call alone.
    const isAlone = watch.hasSemicolon ? this.lastExpressionEnd === end : this.previousEnd === end;
    if (isAlone) watch.superEnd = this.previousEnd;
  }

  /** The end of the expression statement that was read last, without its semicolon. */
  protected lastExpressionEnd = -1;

  /** Reads a `;`, or a line end in its place. If the text before that line end was erased, a semicolon is written. */
  protected override endStatement(): void {
    this.lastExpressionEnd = this.previousEnd;
    if (this.take(";")) {
      this.afterLine = false;
      return;
    }
    if (this.type === T.eof || (this.is("}") && this.type === T.punctuator)) {
      this.afterLine = false;
      return;
    }
    if (!this.newline) this.unexpected();
    this.afterLine = true;
    const erased = this.edits.erasedUpTo(this.previousEnd);
    if (erased < 0) return;
    this.edits.overwrite(erased, ";");
    this.afterLine = false;
  }

  /** Replaces a statement without run-time meaning by spaces. */
  protected eraseStatement({ start, needsEnd }: DeclarationHead): void {
    this.edits.eraseCode(start, this.previousEnd);
    if (!needsEnd) return;
    this.edits.overwrite(start, ";");
    this.afterLine = false;
  }

  /** Any statement. `isBody`: of an `if`, a loop or a label, where something must remain; an erased one leaves a `;`. */
  protected parseStatement(isBody = false): void {
    this.names.check();
    const head = { start: this.start, isExported: false, needsEnd: isBody || this.afterLine };
    const isWord = this.type === T.name && !this.escaped;
    if (this.type === T.punctuator) this.#parsePunctuatorStatement(head);
    else if (!isWord || !this.#parseWordStatement(head)) {
      this.#parseExpressionStatement();
    }
  }

  /** A block, an empty statement, a decorated class, or an expression. */
  #parsePunctuatorStatement(head: DeclarationHead): void {
    if (this.value === "{") return this.#parseScopedBlock();
    if (this.value === ";") {
      this.next();
      this.afterLine = false;
      return;
    }
    if (this.value !== "@") return this.#parseExpressionStatement();
    this.parseDecorators();
    if (this.is("export")) return this.parseExport(head);
    if (!this.parseDeclaration(head)) this.unexpected("class");
  }

  /** https://tc39.es/ecma262/#prod-Block */
  #parseScopedBlock(): void {
    this.names.open(S.block);
    this.parseBlock();
    this.names.close();
  }

  /** https://tc39.es/ecma262/#prod-ExpressionStatement, and labels, which are told from it by their colon. */
  #parseExpressionStatement(): void {
    const { start } = this;
    const isLabel = this.type === T.name && this.peek().value === ":";
    if (isLabel) {
      this.next();
      this.next();
      return this.parseStatement(true);
    }
    this.parseExpression();
    if (this.cast.start === start) this.#guardStatement();
    this.endStatement();
  }

  /** `<T>{}`, `<T>function () {}` would become a block, a declaration. */
  #guardStatement(): void {
    if (/^(?:\{|function|class|let)$/.test(this.cast.operand)) this.guardCast("0,");
  }

  /** A statement that begins with a word; false if it is an expression after all. Words that are not reserved are looked at in context. */
  #parseWordStatement(head: DeclarationHead): boolean {
    switch (this.value) {
      case "if":
        this.#parseIf();
        return true;
      case "for":
        this.#parseFor();
        return true;
      case "while":
      case "with":
        this.next();
        this.#parseParenthesised();
        this.parseStatement(true);
        return true;
      case "do":
        this.#parseDo();
        return true;
      case "return":
      case "throw":
        this.#parseReturn();
        return true;
      case "break":
      case "continue":
        this.next();
        if (this.type === T.name && !this.newline) this.next();
        this.endStatement();
        return true;
      case "debugger":
        this.next();
        this.endStatement();
        return true;
      case "try":
        this.#parseTry();
        return true;
      case "switch":
        this.#parseSwitch();
        return true;
      case "import":
        // `import(…)` and `import.meta` are expressions.
        if (/^[(.]$/.test(this.peek().value)) return false;
        this.parseImport(head);
        return true;
      case "export":
        this.parseExport(head);
        return true;
      default:
        return this.parseDeclaration(head);
    }
  }

  // --- control

  /** `(expression)` */
  #parseParenthesised(): void {
    this.expect("(");
    this.parseExpression();
    this.expect(")");
  }

  /** `else if` after `else if` costs no host stack. */
  #parseIf(): void {
    for (;;) {
      this.next();
      this.#parseParenthesised();
      this.parseStatement(true);
      if (!this.take("else")) return;
      if (this.type !== T.name || this.escaped || this.value !== "if") return this.parseStatement(true);
    }
  }

  /** https://tc39.es/ecma262/#prod-DoWhileStatement: the `;` after it may be missing even without a line end. */
  #parseDo(): void {
    this.next();
    this.parseStatement(true);
    this.expect("while");
    this.#parseParenthesised();
    this.take(";");
    this.afterLine = false;
  }

  /** `return`, `throw`: the operand must begin on the line of the word, also once types before it are erased (`afterRestricted`). */
  #parseReturn(): void {
    this.next();
    const isEnd = this.newline || this.type === T.eof || (this.type === T.punctuator && /^[;}]$/.test(this.value));
    if (!isEnd) {
      this.restricted = this.start;
      this.parseExpression();
    }
    this.endStatement();
  }

  /** https://tc39.es/ecma262/#prod-TryStatement; `catch (e: unknown)` loses its type. */
  #parseTry(): void {
    const { watch } = this;
    this.watch = null;
    this.next();
    this.names.open(S.block);
    this.watch = watch;
    this.parseBlock();
    this.names.close();
    if (this.take("catch")) {
      this.names.open(S.block);
      if (this.take("(")) {
        this.parseTarget("here");
        this.eraseAnnotation();
        this.expect(")");
      }
      this.#parseScopedBlock();
      this.names.close();
    }
    if (this.take("finally")) this.#parseScopedBlock();
  }

  /** https://tc39.es/ecma262/#prod-SwitchStatement: all clauses are one scope. */
  #parseSwitch(): void {
    this.next();
    this.#parseParenthesised();
    this.expect("{");
    this.names.open(S.block);
    this.afterLine = false;
    while (!this.take("}")) {
      if (this.take("case")) this.parseExpression();
      else if (!this.is("default")) {
        this.parseStatement();
        continue;
      } else this.next();
      this.expect(":");
      this.afterLine = false;
    }
    this.names.close();
    this.afterLine = false;
  }

  /** All kinds of `for`: the head is read without `in` as an operator, and the next token tells the kind. */
  #parseFor(): void {
    this.next();
    this.take("await");
    this.expect("(");
    this.names.open(S.block);
    this.within({ noIn: true }, () => this.#parseForHead());
    if (this.is("of") || this.is("in")) {
      const isOf = this.is("of");
      this.next();
      if (isOf) this.parseAssignment();
      else this.parseExpression();
    } else {
      this.expect(";");
      if (!this.is(";")) this.parseExpression();
      this.expect(";");
      if (!this.is(")")) this.parseExpression();
    }
    this.expect(")");
    this.parseStatement(true);
    this.names.close();
  }

  /** Declarations or an expression; a `let` that declares nothing is a name. */
  #parseForHead(): void {
    if (this.type === T.punctuator && this.value === ";") return;
    const declares = this.#variableWord(true);
    if (declares === null) return this.parseExpression();
    if (this.is("await")) this.next();
    this.next();
    this.parseDeclarators(declares);
  }

  // --- declarations

  /** The kind of variables that the word at hand declares; null if it is not such a keyword. */
  #variableWord(isForHead = false): Declares | null {
    switch (this.value) {
      case "var":
        return "function";
      case "const":
        return "here";
      case "let":
        return this.#declaresNames(isForHead) ? "here" : null;
      case "using":
        return this.#usesName(isForHead) ? "here" : null;
      case "await":
        return this.ahead(() => (this.next(), this.is("using") && !this.newline && this.#usesName(isForHead)))
          ? "here"
          : null;
      default:
        return null;
    }
  }

  /** `let` is a name where no name or pattern follows. */
  #declaresNames(isForHead: boolean): boolean {
    const { type, value, newline } = this.peek();
    if (type === T.punctuator) return value === "[" || (value === "{" && !(newline && !isForHead));
    if (type !== T.name || value === "in" || value === "instanceof") return false;
    return !(value === "of" && isForHead && this.#isOfLoop());
  }

  /** `for (let of …)`: is `of` the name? */
  #isOfLoop(): boolean {
    return this.ahead(() => {
      this.next();
      this.next();
      return !/^(?:=|;|,|:|of|in)$/.test(this.value);
    });
  }

  /**
   * `using a` declares; `using[a]`, `using in b` and `using of` in a loop do not. https://tc39.es/proposal-explicit-resource-management/
   */
  #usesName(isForHead: boolean): boolean {
    const { type, value, newline } = this.peek();
    if (type !== T.name || newline || value === "in" || value === "instanceof") return false;
    if (value === "of" && isForHead) return !this.#isOfLoop();
    return value !== "as" && value !== "satisfies" ? true : this.#isNamedLike();
  }

  /** `using as = …` declares `as`; `using as T` does not. */
  #isNamedLike(): boolean {
    return this.ahead(() => {
      this.next();
      this.next();
      return this.is("=") || this.is(":") || this.is(";");
    });
  }

  /** `a: T = 1, b` */
  protected parseDeclarators(declares: Declares, isConst = false): void {
    do this.parseDeclarator(declares, isConst);
    while (this.take(","));
  }

  /** Parses a declarator; true if it has a value. */
  protected parseDeclarator(declares: Declares, isConst: boolean, declared?: Declared[]): boolean {
    const name = this.type === T.name ? this.value : "";
    this.parseTarget(declares, declared);
    this.eraseMark("!");
    const isTyped = this.eraseAnnotation();
    if (!this.take("=")) return false;
    // With a type, TypeScript does not take the value for a constant of an enum.
    if (isConst && !isTyped && name !== "" && this.names.matter) this.#parseConstant(name);
    else this.parseAssignment();
    return true;
  }

  /** The value of `const name =`, which enums may use. */
  #parseConstant(name: string): void {
    const { scope } = this.names;
    const { start } = this;
    const saved = this.wantsTree;
    this.wantsTree = true;
    this.parseAssignment();
    this.wantsTree = saved;
    if (this.tree !== null) {
      this.names.declare(name, scope, { constant: { start, scope, isMember: false, tree: this.tree } });
    }
  }

  /** Parses a declaration; false if there is no declaration at hand. */
  protected parseDeclaration(head: DeclarationHead): boolean {
    switch (this.value) {
      case "const":
        if (this.peek().value === "enum") {
          const from = this.start;
          this.next();
          this.parseEnum(head, from);
          return true;
        }
        break;
      case "function":
        this.#parseFunctionDeclaration(head);
        return true;
      case "async":
        if (!this.#isFollowedBy("function")) return false;
        this.#parseFunctionDeclaration(head);
        return true;
      case "class":
        this.#parseClassDeclaration(head);
        return true;
      case "enum":
        this.parseEnum(head, this.start);
        return true;
      case "abstract":
        if (!this.#isFollowedBy("class")) return false;
        this.edits.erase(this.start, this.end);
        this.next();
        this.#parseClassDeclaration(head);
        return true;
      case "declare":
        return this.#parseAmbient(head);
      case "interface":
        return this.#parseInterface(head);
      case "type":
        return this.#parseTypeAlias(head);
      case "namespace":
      case "module":
      case "global":
        return this.#parseNamespaceLike(head);
    }
    return this.#parseVariables(head);
  }

  /** `async function`, `abstract class`: on one line, or the first word is a name. */
  #isFollowedBy(word: string): boolean {
    const { value, newline, escaped } = this.peek();
    return value === word && !newline && !escaped;
  }

  /** `var`, `let`, `const`, `using`; members of a namespace become properties of its object. */
  #parseVariables(head: DeclarationHead): boolean {
    const declares = this.#variableWord();
    if (declares === null) return false;
    const isConst = this.value === "const";
    if (this.names.isMember(head.isExported)) {
      this.parseMemberVariables(head);
      return true;
    }
    if (this.value === "await") this.next();
    this.next();
    this.parseDeclarators(declares, isConst);
    this.endStatement();
    return true;
  }

  /** A function; without a body it is an overload or ambient, and disappears. */
  #parseFunctionDeclaration(head: DeclarationHead): void {
    const isAsync = this.take("async");
    this.next();
    const isGenerator = this.take("*");
    const name = this.type === T.name ? this.value : "";
    if (name !== "") {
      this.#declareNamed(name, head);
      this.next();
    }
    const isWhole = this.parseFunctionRest({ isAsync, isGenerator });
    if (isWhole) {
      this.afterLine = false;
      return this.#endDeclaration(name, head);
    }
    const { needsEnd } = head;
    this.afterLine = false;
    this.#endErased();
    this.eraseStatement({ ...head, needsEnd });
  }

  /** A class. Its name is declared before its body is read, which may mention it. */
  #parseClassDeclaration(head: DeclarationHead): void {
    const { value, type } = this.peek();
    if (type === T.name && value !== "extends") this.#declareNamed(value, head);
    const name = this.parseClass(true);
    this.#endDeclaration(name, head);
  }

  /** A function or a class: a namespace of its name needs no variable. */
  #endDeclaration(name: string, head: DeclarationHead): void {
    if (name === "" || this.context.isAmbient) return;
    const { scope } = this.names;
    (scope.emitted ??= new Set()).add(name);
    if (scope.kind === S.namespace && head.isExported) this.exportMember(name, head);
  }

  /** Declares a function or class, as a member if it is exported from a namespace: then the variable stays, too. */
  #declareNamed(name: string, { isExported }: DeclarationHead): void {
    if (this.names.isMember(isExported)) this.names.declareMember(name, false);
    else this.names.declare(name);
  }

  /** The name of a function expression is visible only inside it. */
  protected override parseFunctionExpression(): void {
    const isAsync = this.take("async");
    this.next();
    const isGenerator = this.take("*");
    this.names.open(S.block);
    if (this.type === T.name) {
      this.names.declare(this.value);
      this.next();
    }
    if (!this.parseFunctionRest({ isAsync, isGenerator })) this.unexpected("{");
    this.names.close();
  }

  // --- ambient declarations

  /** The end of a statement that is erased with its semicolon. */
  #endErased(): void {
    if (this.take(";") || this.type === T.eof || this.newline) return;
    if (!(this.is("}") && this.type === T.punctuator)) this.unexpected(";");
  }

  /** `declare …`: parsed as what it declares, in a context where nothing is emitted, then erased. Not a guess: AMBIENT words decide. */
  #parseAmbient(head: DeclarationHead): boolean {
    const next = this.peek();
    if (next.newline || next.type !== T.name || !AMBIENT.has(next.value)) return false;
    const place = this.place();
    let isDeclaration = true;
    this.next();
    this.within({ isAmbient: true, isErased: true }, () => {
      isDeclaration = this.is("import")
        ? (this.parseImport(head), true)
        : this.parseDeclaration({ ...head, needsEnd: false });
    });
    if (!isDeclaration) {
      this.goTo(place);
      return false;
    }
    this.eraseStatement(head);
    return true;
  }

  /** `interface A<T> extends B { … }`; `interface` before anything but a name on its line is a name itself. */
  #parseInterface(head: DeclarationHead): boolean {
    const { type, newline } = this.peek();
    if (type !== T.name || newline) return false;
    this.next();
    this.names.declareType(this.value, this.names.isMember(head.isExported));
    this.next();
    if (this.isAngle()) this.parseTypeParameters();
    if (this.take("extends") || this.take("implements")) {
      do this.parseType();
      while (this.take(","));
    }
    this.parseTypeMembers();
    this.eraseStatement(head);
    this.typeStatement = head.start;
    return true;
  }

  /** `type A<T> = B;`; `type = 1` and `type⏎A` are expressions. */
  #parseTypeAlias(head: DeclarationHead): boolean {
    const isAlias = this.ahead(() => {
      this.next();
      if (this.type !== T.name || this.newline) return false;
      this.next();
      return this.is("=") || this.isAngle();
    });
    if (!isAlias) return false;
    this.next();
    this.names.declareType(this.value, this.names.isMember(head.isExported));
    this.next();
    if (this.isAngle()) this.parseTypeParameters();
    this.expect("=");
    this.parseType();
    this.#endErased();
    this.eraseStatement(head);
    this.typeStatement = head.start;
    return true;
  }

  /** `namespace A.B {`, `module "x" {`, `global {`; looked at up to the `{`, since all three words are names elsewhere. */
  #parseNamespaceLike(head: DeclarationHead): boolean {
    const isGlobal = this.value === "global";
    const { type, value, newline } = this.peek();
    if (newline) return false;
    const begins = isGlobal ? value === "{" && type === T.punctuator : type === T.name || type === T.string;
    if (!begins || (type === T.name && (value === "in" || value === "instanceof" || value === "of"))) return false;
    const isNamespace = this.ahead(() => this.#beginsNamespace(isGlobal));
    if (!isNamespace) return false;
    this.parseNamespace(head);
    return true;
  }

  /** `namespace a.b {`, `module "x";` */
  #beginsNamespace(isGlobal: boolean): boolean {
    this.next();
    if (isGlobal) return true;
    if (this.type === T.string) {
      this.next();
      return this.is("{") || this.is(";") || this.newline || this.start === this.source.length;
    }
    this.next();
    while (this.take(".")) this.next();
    return this.is("{");
  }
}
