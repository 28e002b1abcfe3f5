// Owns reading what the package exports, with its TSDoc, from the declarations that are shipped (dist/types). Must never read anything that
// users do not get.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

export interface Doc {
  readonly text: string;
  readonly params: readonly (readonly [name: string, text: string])[];
  readonly returns: string;
  readonly throws: readonly string[];
}

export interface Member {
  readonly name: string;
  /** Properties are listed; methods have a heading of their own. */
  readonly kind: "method" | "property";
  /** One for each overload. */
  readonly signatures: readonly string[];
  readonly doc: Doc;
}

export interface Export {
  readonly name: string;
  readonly kind: "class" | "interface" | "type" | "function" | "constant";
  readonly signatures: readonly string[];
  readonly doc: Doc;
  readonly members: readonly Member[];
  /** Exported as a type alone, though it may be a class. */
  readonly isType: boolean;
}

export interface Entry {
  /** As it is imported: `fermata-vm/runner`. */
  readonly specifier: string;
  readonly exports: readonly Export[];
  /** Names that it exports and another entry declares. */
  readonly shared: readonly string[];
}

const EMPTY: Doc = { text: "", params: [], returns: "", throws: [] };

function docOf(node: ts.Node): Doc {
  // Several comments before one declaration: the last is its own.
  const own = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc);
  if (own === undefined) return EMPTY;
  const textOf = (comment: ts.JSDoc["comment"]): string => (ts.getTextOfJSDocComment(comment) ?? "").trim();
  const tags = own.tags ?? [];
  const named = (...names: string[]): string[] =>
    tags.filter(({ tagName }) => names.includes(tagName.text)).map(({ comment }) => textOf(comment));
  const examples = named("example").map((text) => `\n\n${text}`);
  return {
    text: textOf(own.comment) + examples.join(""),
    params: tags.filter(ts.isJSDocParameterTag).map((tag) => {
      return [(tag as ts.JSDocParameterTag).name.getText(), textOf(tag.comment).replace(/^- /, "")] as const;
    }),
    returns: named("returns", "return").join(" "),
    throws: tags
      .filter(({ tagName }) => tagName.text === "throws")
      .map((tag) => {
        const type = ts.isJSDocThrowsTag(tag) ? (tag.typeExpression?.getText() ?? "") : "";
        return `${type.replaceAll(/[{}]/g, "")} ${textOf(tag.comment)}`.trim();
      }),
  };
}

/** The source of a declaration without comments, and without what only declaration files say. */
function sourceOf(node: ts.Node): string {
  return node
    .getText()
    .replaceAll(/\/\*\*[^]*?\*\/\s*/g, "")
    .replace(/^(?:export )?(?:default )?(?:declare )?/, "")
    .replaceAll(/\n\s*\n/g, "\n")
    .replace(/;$/, "");
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

/** The part of a class or interface before its members. */
function headOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration): string {
  const text = sourceOf(node);
  const heritage = node.heritageClauses?.map((clause) => ` ${oneLine(clause.getText())}`).join("") ?? "";
  const parameters = node.typeParameters?.map((one) => oneLine(one.getText())).join(", ");
  const abstract = text.startsWith("abstract ") ? "abstract " : "";
  const word = ts.isClassDeclaration(node) ? "class" : "interface";
  return `${abstract}${word} ${node.name!.text}${parameters === undefined ? "" : `<${parameters}>`}${heritage}`;
}

const isHidden = (member: ts.ClassElement | ts.TypeElement): boolean =>
  (ts.getCombinedModifierFlags(member as ts.Declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !==
    0 ||
  (member.name !== undefined && ts.isPrivateIdentifier(member.name));

const isMethod = (member: ts.ClassElement | ts.TypeElement): boolean =>
  ts.isMethodDeclaration(member) ||
  ts.isMethodSignature(member) ||
  ts.isConstructorDeclaration(member) ||
  ts.isCallSignatureDeclaration(member);

function nameOf(member: ts.ClassElement | ts.TypeElement): string {
  if (ts.isConstructorDeclaration(member)) return "constructor";
  if (ts.isCallSignatureDeclaration(member)) return "()";
  return member.name?.getText() ?? oneLine(member.getText());
}

type Inherited = (name: string) => Doc;

/** What the bases of a class or interface say of its members. */
function inheritedOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration, checker: ts.TypeChecker): Inherited {
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.map((one) => checker.getTypeAtLocation(one)));
  return (name) =>
    bases
      .flatMap((base) => base.getProperty(name)?.declarations ?? [])
      .map(docOf)
      .find(({ text }) => text !== "") ?? EMPTY;
}

function membersOf(
  members: readonly (ts.ClassElement | ts.TypeElement)[],
  inherited: Inherited = () => EMPTY,
): Member[] {
  const found = new Map<string, Member>();
  for (const member of members) {
    if (isHidden(member)) continue;
    const name = nameOf(member);
    const signature = oneLine(sourceOf(member));
    const before = found.get(name);
    const own = docOf(member);
    const doc = own.text === "" ? inherited(name) : own;
    found.set(name, {
      name,
      kind: isMethod(member) ? "method" : "property",
      signatures: [...(before?.signatures ?? []), signature],
      doc: before === undefined || before.doc.text === "" ? doc : before.doc,
    });
  }
  return [...found.values()];
}

const isTypeOnly = (symbol: ts.Symbol): boolean =>
  symbol.declarations?.some((one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly)) ??
  false;

function exportOf(
  name: string,
  declarations: readonly ts.Declaration[],
  checker: ts.TypeChecker,
): Omit<Export, "isType"> {
  const first = declarations[0]!;
  const documented = declarations.map(docOf).find(({ text }) => text !== "") ?? EMPTY;
  const base = { name, doc: documented };
  if (ts.isClassDeclaration(first) || ts.isInterfaceDeclaration(first)) {
    const kind = ts.isClassDeclaration(first) ? "class" : "interface";
    return {
      ...base,
      kind,
      signatures: [headOf(first)],
      members: membersOf(first.members, inheritedOf(first, checker)),
    };
  }
  if (ts.isFunctionDeclaration(first)) {
    return { ...base, kind: "function", signatures: declarations.map(sourceOf), members: [] };
  }
  if (ts.isTypeAliasDeclaration(first)) {
    const members = ts.isTypeLiteralNode(first.type) ? membersOf(first.type.members) : [];
    return { ...base, kind: "type", signatures: [sourceOf(first)], members };
  }
  const statement = ts.isVariableDeclaration(first) ? first.parent.parent : first;
  return { ...base, kind: "constant", signatures: [sourceOf(statement)], doc: docOf(statement), members: [] };
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
}

/** All entries of the package that have declarations, in the order of `exports` in package.json. */
export function readExports(root: string): Entry[] {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const files = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === "object" && target.types?.endsWith(".d.ts")
      ? [{ specifier: `fermata-vm${subpath.slice(1)}`, file: join(root, target.types) }]
      : [],
  );
  const program = ts.createProgram(
    files.map(({ file }) => file),
    {
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
    },
  );
  const checker = program.getTypeChecker();
  const owners = new Map<ts.Symbol, string>();
  return files.map(({ specifier, file }) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is not there: run npm run build`);
    const own: Export[] = [];
    const shared: string[] = [];
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (owners.has(target)) shared.push(symbol.name);
      else {
        owners.set(target, specifier);
        own.push({ ...exportOf(symbol.name, target.declarations ?? [], checker), isType: isTypeOnly(symbol) });
      }
    }
    return { specifier, exports: own, shared };
  });
}
