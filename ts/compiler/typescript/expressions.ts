// Owns the grammar of expressions: types in them become spaces, and the code on both sides keeps its meaning. Must never change code
// without types.

//
//   a as T            a              erased; parentheses where the erased `as` had ended its operand
//   a satisfies T     a
//   a!.b              a .b
//   <T>a              a              guarded where `a` would begin something else at the start of a statement or arrow body
//   f<T>(x)           f   (x)
//
// Precedences are those of the specification (operators.ts). They matter here only because `as` ends an operand that JavaScript, without
// the `as`, would continue: `a + b as T * c`.
//
// Trees are built only on demand (`wantsTree`): for initialisers of enum members and of constants that they may mention.
import { cooked } from "./constants.ts";
import { FunctionParser } from "./functions.ts";
import { R, type Tree } from "./names.ts";
import { ASSIGNMENT, NO_OPERAND, PRECEDENCE, PREFIX, PREFIXED, STARTS, UNARY } from "./operators.ts";
import { hasLineEnd, T } from "./scanner.ts";

export abstract class ExpressionParser extends FunctionParser {
  /** The end of the `super(…)` that was read last. */
  protected superCallEnd = -1;
  /** Is the value of expressions needed? Then `tree` is the expression read last. */
  protected wantsTree = false;
  protected tree: Tree | null = null;

  /** `function`, `async function`; in StatementParser, beside the declarations. */
  protected abstract parseFunctionExpression(): void;
  /** In ClassParser. */
  protected abstract parseClass(isDeclaration: boolean): void;
  protected abstract parseDecorators(): void;

  /** https://tc39.es/ecma262/#prod-Expression */
  protected override parseExpression(): void {
    this.parseAssignment();
    while (this.take(",")) {
      this.parseAssignment();
      this.tree = null;
    }
  }

  /** `x = y = z` and `a ? b : c ? d : e` of any length cost no host stack. */
  protected override parseAssignment(mayReturnType = true): void {
    let part = this.#parsePart(mayReturnType);
    if (part === "operators") return;
    while (part === "begun") part = this.#parsePart(mayReturnType);
    this.tree = null;
  }

  /**
   * An assignment expression: "operators" if it consists only of operators and operands, "begun" if another one follows that is its
   * last part.
   */
  #parsePart(mayReturnType: boolean): "operators" | "other" | "begun" {
    if (this.#beginsYield()) {
      this.#parseYield();
      return "other";
    }
    if (this.tryArrow(mayReturnType)) return "other";
    const { start } = this;
    const isName = this.#parseBinary(0);
    if (this.type !== T.punctuator) return "operators";
    if (isName && this.value === "=>" && !this.newline) {
      this.parseNamedArrow(start, false, mayReturnType);
      return "other";
    }
    if (ASSIGNMENT.has(this.value)) {
      this.next();
      return "begun";
    }
    if (this.value !== "?") return "operators";
    this.next();
    this.within({ noIn: false, isDecorator: false }, () => this.parseAssignment(false));
    this.expect(":");
    return "begun";
  }

  // --- operators

  /** Parses unary and binary operators; true if the expression is only a name. */
  #parseBinary(above: number): boolean {
    const { start } = this;
    const unary = this.#parseUnary();
    const hasOperator = this.#parseOperators(start, above, unary === "prefixed" ? PREFIXED : UNARY);
    return unary === "name" && !hasOperator;
  }

  /** Parses the operators after an operand that bind more strongly than `above`; true if there is one. */
  #parseOperators(start: number, above: number, operand: number): boolean {
    let left = operand;
    let asserted = -1;
    let found = false;
    for (;;) {
      const precedence = this.#precedence();
      if (this.value === "**" ? precedence < above : precedence <= above) return found;
      found = true;
      if (this.value === "as" || this.value === "satisfies") {
        // `a as T as U` erases both; one pair of parentheses is enough.
        if (asserted < 0) asserted = this.start;
        this.#parseAssertion();
        this.tree = null;
        continue;
      }
      const binds = this.value === "**" ? precedence >= left : precedence > left;
      if (asserted >= 0 && binds) {
        // `a + b as T * c` means `(a + b) * c`: the operand of `as` is complete, whatever follows.
        this.edits.insert(start, "(");
        this.edits.overwrite(asserted, ")");
      }
      const operand = this.tree;
      const operator = this.value;
      this.next();
      left = precedence;
      asserted = -1;
      this.#parseBinary(precedence);
      if (this.wantsTree) this.tree = { kind: "binary", operator, left: operand, right: this.tree };
    }
  }

  /** The precedence of the operator at hand; 0 if the token is not an operator: then the expression ends. */
  #precedence(): number {
    if (this.type !== T.punctuator && (this.type !== T.name || this.escaped)) return 0;
    this.rescanGreater();
    const precedence = PRECEDENCE.get(this.value) ?? 0;
    if (this.type === T.name) {
      if (this.value === "in" && this.context.noIn) return 0;
      // On a new line, `as` is a name: the line before has ended its statement.
      if (this.newline && (this.value === "as" || this.value === "satisfies")) return 0;
    }
    return precedence;
  }

  /** `as T`, `satisfies T`. `as const` needs nothing special: `const` is read as the name of a type. */
  #parseAssertion(): void {
    const { start } = this;
    this.next();
    this.parseType();
    this.edits.erase(start, this.previousEnd);
  }

  /**
   * https://tc39.es/ecma262/#prod-UnaryExpression, and casts. What it was matters outside: a lone name may be the parameter of an arrow
   * function, and `-a ** b` is refused without parentheses.
   */
  #parseUnary(): "name" | "prefixed" | "other" {
    if (this.type === T.punctuator || this.type === T.name) {
      if (this.isAngle()) return this.#parseCast();
      if (PREFIX.has(this.value) && !this.escaped) {
        const operator = this.value;
        this.next();
        this.#parseUnary();
        const isKnown = this.wantsTree && /^[-+~]$/.test(operator);
        this.tree = isKnown ? { kind: "unary", operator, operand: this.tree } : null;
        return "prefixed";
      }
      if (this.is("await") && this.#awaits()) {
        this.next();
        this.#parseUnary();
        this.tree = null;
        return "prefixed";
      }
    }
    const isName = this.parseLeftHandSide();
    if ((this.value === "++" || this.value === "--") && !this.newline) {
      this.next();
      this.tree = null;
      return "other";
    }
    return isName ? "name" : "other";
  }

  /**
   * `<T>a`. The range `<T>` is remembered in `cast` with the first token of the operand: at the start of a statement, an arrow body or
   * `export default` that token would now begin a block or a declaration, and the reader of those writes a guard into the range.
   */
  #parseCast(): "prefixed" | "other" {
    const { start } = this;
    this.next();
    this.parseType();
    if (!this.is(">")) this.unexpected(">");
    this.next();
    this.edits.erase(start, this.previousEnd);
    const end = this.previousEnd;
    const operandStart = this.start;
    const operand = this.is("async") && this.peek().value === "function" ? "function" : this.value;
    if (start === this.restricted && hasLineEnd(this.source, start, operandStart)) this.afterRestricted(start, end);
    const binds = this.#parseUnary();
    this.tree = null;
    // Of `<A><B>{}`, the operand counts.
    this.cast = { start, end, operand: this.cast.start === operandStart ? this.cast.operand : operand };
    return binds === "prefixed" ? "prefixed" : "other";
  }

  /**
   * Once types are erased, a line ends between `return`, `throw` or `yield` and its operand. The text `0,` (`0?0:` for
   * `yield`) on the keyword's line keeps the two together.
   */
  protected afterRestricted(start: number, end: number): void {
    const isYield = /yield\s*$/.test(this.source.slice(0, start).slice(-200));
    this.edits.overwriteOrInsert(start, end, isYield ? "0?0:" : "0,");
    this.restricted = -1;
  }

  /** Is the word `await` at hand an operator? */
  #awaits(): boolean {
    if (this.context.isAsync) return true;
    const { type, value, newline } = this.peek();
    if (type === T.punctuator) {
      if (!this.context.isTop) return false;
      // At the top level it is an operator, unless the source shows that it is a name.
      if (value === "!" || value === "~" || value === "{" || value === "@") return true;
      const isAmbiguous = value === "(" || value === "[" || value === "`" || value === "<" || value === "/";
      return (
        isAmbiguous && !/\b(?:var|let|const|function|class|import)\s+await\b|\bawait\s*(?:=[^=>]|=>)/.test(this.source)
      );
    }
    if (type === T.eof || (newline && !this.context.isTop)) return false;
    return type !== T.name || !(NO_OPERAND.has(value) || PRECEDENCE.has(value) || value === "of");
  }

  /** Outside of generators `yield` is a name, or an error that the JavaScript parser reports. */
  #beginsYield(): boolean {
    if (!this.is("yield")) return false;
    return this.context.isGenerator;
  }

  /** https://tc39.es/ecma262/#prod-YieldExpression: no line may end before its operand. */
  #parseYield(): void {
    this.next();
    if (this.newline) return;
    if (this.take("*")) return this.parseAssignment();
    const begins = this.type === T.punctuator ? STARTS.has(this.value) : this.type !== T.eof;
    if (!begins || (this.type === T.name && (PRECEDENCE.has(this.value) || this.value === "of"))) return;
    this.restricted = this.start;
    this.parseAssignment();
  }

  // --- operands

  /** A primary expression with calls and accesses; true if it is only a name. */
  protected parseLeftHandSide(): boolean {
    const isSuper = this.is("super");
    const isName = this.#parsePrimary();
    return this.#parseAccesses(true, isSuper) ? false : isName;
  }

  /** Parses all accesses and calls that follow; true if there is one. */
  #parseAccesses(mayCall: boolean, isSuper = false): boolean {
    let found = false;
    for (; ; found = true) {
      if (this.type !== T.punctuator) return found;
      const { tree } = this;
      switch (this.value) {
        case ".":
          this.next();
          this.#extendTree(this.value);
          this.#parseMemberName();
          continue;
        case "?.":
          if (!mayCall) return found;
          this.#parseOptionalAccess();
          break;
        case "!":
          if (this.newline) return found;
          this.edits.erase(this.start, this.end);
          this.next();
          break;
        case "[":
          if (this.context.isDecorator) return found;
          this.#parseElement();
          this.tree = elementOf(tree, this.tree);
          continue;
        case "(":
          if (!mayCall) return found;
          this.parseArguments();
          if (isSuper) {
            this.superCallEnd = this.previousEnd;
            isSuper = false;
          }
          break;
        case "`":
          this.parseTemplate();
          break;
        case "<":
        case "<<":
          if (!this.#tryTypeArguments()) {
            this.tree = tree;
            return found;
          }
          break;
        default:
          return found;
      }
      this.tree = null;
    }
  }

  /** Continues the path of `a` by the member at hand. */
  #extendTree(name: string): void {
    const { tree } = this;
    this.tree = tree?.kind === "name" && this.type === T.name ? { kind: "name", path: [...tree.path, name] } : null;
  }

  /** Any word, keywords too, or a private name. */
  #parseMemberName(): void {
    if (this.type !== T.name && this.type !== T.privateName) this.unexpected();
    this.next();
  }

  /** `?.a`, `?.[a]`, `?.(a)`, `?.<T>(a)`. The parts after it are read by the loop: they belong to the same chain. */
  #parseOptionalAccess(): void {
    this.next();
    if (this.isAngle()) {
      const { start } = this;
      this.parseTypeArguments();
      this.edits.erase(start, this.previousEnd);
    }
    if (this.is("(")) this.parseArguments();
    else if (this.is("[")) this.#parseElement();
    else if (!this.is("`")) this.#parseMemberName();
  }

  /** `[a]`: between brackets, `in` is an operator again, and so is `[`. */
  #parseElement(): void {
    this.next();
    this.within({ noIn: false, isDecorator: false }, () => this.parseExpression());
    this.expect("]");
  }

  /** `(a, ...b)` */
  protected parseArguments(): void {
    const saved = this.context;
    if (saved.noIn || saved.isDecorator) this.context = { ...saved, noIn: false, isDecorator: false };
    this.expect("(");
    while (!this.is(")")) {
      this.take("...");
      this.parseAssignment();
      if (!this.take(",") && !this.is(")")) this.unexpected(")");
    }
    this.next();
    this.context = saved;
  }

  /**
   * `f<T>`, if the next token can follow type arguments; else `<` compares. The classical guess of TypeScript: `f<T>(x)` calls, `a < b >
   * (c)` compares twice, and both are the same tokens. TypeScript decides for type arguments if a list of types can be read and the token
   * after its `>` is one that cannot continue a comparison.
   */
  #tryTypeArguments(): boolean {
    const { start } = this;
    const isRight = this.attempt(() => {
      this.parseTypeArguments();
      return this.#canFollowTypeArguments();
    });
    if (isRight) this.edits.erase(start, this.previousEnd);
    return isRight;
  }

  /** TypeScript's canFollowTypeArgumentsInExpression: a call, a template, a line end, an operator, or what begins no expression. */
  #canFollowTypeArguments(): boolean {
    // `>>`, `>=`: the last `>` must be a token of its own.
    if (this.start === this.previousEnd && (this.value[0] === ">" || this.value[0] === "=")) {
      if (this.value !== "=>") return false;
    }
    if (this.is("(") || this.is("`")) return true;
    if (this.is("<") || this.is(">") || this.is("+") || this.is("-")) return false;
    return this.newline || this.#precedence() > 0 || !this.#beginsExpression();
  }

  /** Can the token at hand begin an expression? */
  #beginsExpression(): boolean {
    if (this.type === T.punctuator) return STARTS.has(this.value);
    if (this.type !== T.name) return this.type !== T.eof;
    return !NO_OPERAND.has(this.value);
  }

  /** True if it is a name that could be a variable. */
  #parsePrimary(): boolean {
    switch (this.type) {
      case T.name: {
        const { value } = this;
        const isName = this.#parseWord();
        this.tree = isName && this.wantsTree ? { kind: "name", path: [value] } : null;
        return isName;
      }
      case T.number:
      case T.bigint:
      case T.string:
      case T.privateName:
        this.tree = this.wantsTree ? this.#literalTree() : null;
        this.next();
        return false;
      case T.punctuator: {
        const keepsTree = this.value === "(" || this.value === "`";
        this.#parseBracketed();
        if (!keepsTree) this.tree = null;
        return false;
      }
      default:
        return this.unexpected();
    }
  }

  /** The literal as a value; null for bigints and private names, which enums cannot use. */
  #literalTree(): Tree | null {
    const text = this.source.slice(this.start, this.end);
    if (this.type === T.string) return { kind: "value", value: cooked(text.slice(1, -1)) };
    return this.type === T.number ? { kind: "value", value: Number(text.replaceAll("_", "")) } : null;
  }

  /** Operands that begin with a punctuator. https://tc39.es/ecma262/#sec-primary-expression */
  #parseBracketed(): void {
    switch (this.value) {
      case "(":
        return this.#parseParentheses();
      case "[":
        return this.#parseArray();
      case "{":
        return this.#parseObject();
      case "`":
        return this.parseTemplate();
      case "/":
      case "/=":
        this.rescanRegExp();
        return this.next();
      case "@":
        this.parseDecorators();
        return this.parseClass(false);
      default:
        return this.unexpected();
    }
  }

  /** Operands that begin with a word; true if the word is a name that could be a variable. An escaped word is always a name. */
  #parseWord(): boolean {
    if (!this.escaped) {
      switch (this.value) {
        case "function":
          this.parseFunctionExpression();
          return false;
        case "class":
          this.parseClass(false);
          return false;
        case "new":
          this.#parseNew();
          return false;
        case "import":
          this.#parseImport();
          return false;
        case "this":
        case "super":
        case "null":
        case "true":
        case "false":
          this.next();
          return false;
        case "async":
          if (this.#beginsAsyncFunction()) {
            this.parseFunctionExpression();
            return false;
          }
      }
      if (NO_OPERAND.has(this.value) || this.value === "in" || this.value === "instanceof") this.unexpected();
    }
    this.referHere(R.plain);
    this.next();
    return true;
  }

  /** Notes that the name at hand is read or written. */
  protected referHere(kind: (typeof R)[keyof typeof R]): void {
    this.names.refer(this.value, this.start, this.end, this.context.isErased ? R.erased : kind);
  }

  /** `async function` on one line; else `async` is a name. */
  #beginsAsyncFunction(): boolean {
    const { value, newline } = this.peek();
    return value === "function" && !newline;
  }

  /** `new.target`, `new a.b<T>(c)`: accesses up to the first arguments belong to `new`. */
  #parseNew(): void {
    this.next();
    if (this.take(".")) return this.next();
    if (this.is("new")) this.#parseNew();
    else if (this.is("import")) this.unexpected();
    else this.#parsePrimary();
    this.#parseAccesses(false);
    if (this.is("(")) this.parseArguments();
  }

  /** `import.meta`, `import(…)`; the arguments are read as those of a call. */
  #parseImport(): void {
    this.next();
    if (this.take(".")) this.next();
    else if (!this.is("(")) this.unexpected("(");
  }

  /** `(a)`: what it holds is `tree`, since parentheses do not change a value. */
  #parseParentheses(): void {
    this.next();
    this.within({ noIn: false, isDecorator: false }, () => this.parseExpression());
    this.expect(")");
  }

  /** `[a, , ...b]`, also as a pattern that is assigned to: the grammar for types is the same. */
  #parseArray(): void {
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false };
    this.next();
    while (!this.take("]")) {
      if (this.take(",")) continue;
      this.take("...");
      this.parseAssignment();
      if (!this.is("]") && !this.take(",")) this.unexpected("]");
    }
    this.context = saved;
  }

  protected override parseTemplate(): void {
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false };
    const texts: string[] = [];
    const parts: (Tree | null)[] = [];
    for (;;) {
      const from = this.end;
      const isLast = this.readTemplateText();
      if (this.wantsTree) texts.push(cooked(this.source.slice(from, this.end - (isLast ? 1 : 2))));
      if (isLast) break;
      this.next();
      this.parseExpression();
      if (!this.is("}")) this.unexpected("}");
      if (this.wantsTree) parts.push(this.tree);
    }
    this.context = saved;
    this.next();
    this.tree = this.wantsTree ? { kind: "template", texts, parts } : null;
  }

  // --- objects

  /** `{ a, b: c, d() {}, ...e }`, also as a pattern: then `{ a = 1 }` has a default. */
  #parseObject(): void {
    const saved = this.context;
    this.context = { ...saved, noIn: false, isDecorator: false };
    this.next();
    while (!this.take("}")) {
      if (this.take("...")) this.parseAssignment();
      else this.#parseProperty();
      if (!this.is("}") && !this.take(",")) this.unexpected(",");
    }
    this.context = saved;
  }

  /** A property, method, accessor or shorthand. `get`, `set` and `async` are names if no name follows them. */
  #parseProperty(): void {
    const kind = { isAsync: false, isGenerator: false };
    if (this.type === T.name && !this.escaped && /^(?:get|set|async)$/.test(this.value)) {
      const next = this.peek();
      const isName = next.type !== T.punctuator || next.value === "[" || (next.value === "*" && this.value === "async");
      if (isName && next.type !== T.eof) {
        kind.isAsync = this.value === "async";
        this.next();
      }
    }
    if (this.take("*")) kind.isGenerator = true;
    const { type, value, start, end, escaped } = this;
    const mayBeShorthand = type === T.name && (escaped || !NO_OPERAND.has(value));
    this.parsePropertyName();
    if (!this.eraseMark("?")) this.eraseMark("!");
    if (this.is("(") || this.isAngle()) {
      if (!this.parseFunctionRest(kind)) this.unexpected("{");
      return;
    }
    if (this.take(":")) return this.parseAssignment();
    if (!mayBeShorthand) this.unexpected(":");
    this.names.refer(value, start, end, this.context.isErased ? R.erased : R.shorthand);
    if (this.take("=")) this.parseAssignment();
  }

  /** A word, string, number, private name, or `[expression]`. */
  protected override parsePropertyName(): void {
    if (this.is("[") && this.type === T.punctuator) return this.#parseElement();
    if (this.type === T.punctuator || this.type === T.eof || this.type === T.regexp) this.unexpected();
    this.next();
  }
}

/** `a.b["c"]` */
function elementOf(tree: Tree | null, key: Tree | null): Tree | null {
  if (tree?.kind !== "name" || key === null) return null;
  const text = key.kind === "value" ? key.value : key.kind === "template" && key.parts.length === 0 ? key.texts[0] : 0;
  return typeof text === "string" ? { kind: "element", path: tree.path, key: text } : null;
}
