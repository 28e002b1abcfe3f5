// Finds the host functions of a program: its own `declare function` lines. One that returns a Promise is async; any
// other is sync, and holds the program in the middle of the expression that calls it.
//
// A reader of declarations, not a compiler: what it does not understand it leaves out, and the program then fails with
// "… is not defined", which names the missing function.

/** A host function, as its program declares it. */
export interface External {
  readonly name: string;
  readonly mode: "async" | "sync";
  /** The type of the answer, the Promise taken off. */
  readonly type: string;
  /** Its parameters as they are written, without the parentheses. */
  readonly parameters: string;
  /** An answer to begin with, as JSON: the `@example` of its comment, or made from the type. */
  readonly example: string;
  /** The answers there can be, if they are few. */
  readonly choices: readonly string[];
}

const DECLARATION =
  /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?^[ \t]*declare\s+function\s+([A-Za-z_$][\w$]*)\s*(?:<[^>]*>)?\s*\(/gm;

/** All host functions that a source declares, in order. */
export function findExternals(source: string): External[] {
  const found: External[] = [];
  for (const match of source.matchAll(DECLARATION)) {
    const name = match[2]!;
    const begin = match.index + match[0].length;
    const after = skipParameters(source, begin);
    const parameters = source
      .slice(begin, after - 1)
      .replaceAll(/\s+/g, " ")
      .trim();
    const declared = /^\s*:\s*([^;\n]*)/.exec(source.slice(after))?.[1]?.trim() ?? "void";
    const promised = /^Promise<(.*)>$/s.exec(declared)?.[1];
    const type = (promised ?? declared).trim();
    const choices = choicesOf(type);
    const example = exampleOf(match[1]) ?? choices[0] ?? exampleOfType(type);
    if (found.every((each) => each.name !== name)) {
      found.push({ name, mode: promised === undefined ? "sync" : "async", type, parameters, example, choices });
    }
  }
  return found;
}

/** Where the parameter list that begins before `at` ends. */
function skipParameters(source: string, at: number): number {
  for (let depth = 1; at < source.length; at++) {
    const char = source[at]!;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char) && --depth === 0) return at + 1;
  }
  return at;
}

function exampleOf(comment: string | undefined): string | undefined {
  const text = /@example\s+([\s\S]*?)\s*(?:\n\s*\*?\s*@|\*\/)/.exec(comment ?? "")?.[1];
  if (text === undefined) return undefined;
  const json = text.replace(/\n\s*\*\s?/g, " ");
  return isJson(json) ? json : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `boolean` and unions of literals are few enough to be buttons. */
function choicesOf(type: string): string[] {
  if (type === "boolean") return ["true", "false"];
  const parts = type.split("|").map((part) => part.trim());
  return parts.length > 1 && parts.length <= 5 && parts.every(isJson) ? parts : [];
}

function exampleOfType(type: string): string {
  if (type === "string") return '""';
  if (type === "number") return "0";
  if (type.endsWith("[]")) return "[]";
  return type.startsWith("{") ? "{}" : "null";
}
