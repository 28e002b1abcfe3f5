// Owns hostile source text: programs that were changed, tokens at random, nesting without end, tokens without end. Must depend on nothing but the seed.

import type { Random } from "../random.ts";
import { PROGRAMS } from "../../snapshot/programs.ts";

export const SORTS = ["changed", "tokens", "deep", "huge", "characters"] as const;
export type Sort = (typeof SORTS)[number];

const WORDS =
  `await async break case catch class const continue debugger default delete do else enum export extends false finally for from function get if import in
  instanceof interface let new null of return set static super switch this throw true try type typeof using var void while with yield as satisfies namespace abstract declare
  arguments eval undefined constructor prototype __proto__ a b x y #p #q 0 1 1n 0x1f 1e3 .5 08 0b1 1_0 "s" 's' "use strict" \`t\` \`\${ } /re/g /[/]\\// // /* */ <!-- --> #! @
  ( ) [ ] { } ; , . ... ?. ? : => = == === != !== + - * / % ** ++ -- << >> >>> & | ^ ! ~ && || ?? += **= &&= ??= < > <= >= \\n \\u0061 \\u{62} \\ud800 \u2028 \ufeff \ud800 é 𝒳`
    .split(/\s+/)
    .map((word) => (word === "\\n" ? "\n" : word));

/** Pairs that are put into each other. */
const NESTS: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["({a:", "})"],
  ["f(", ")"],
  ["!", ""],
  ["-", ""],
  ["a=>", ""],
  ["async()=>{", "}"],
  ["function f(){", "}"],
  ["class A{m(){", "}}"],
  ["class A extends (", "){}"],
  ["`${", "}`"],
  ["a?", ":b"],
  ["a?.[", "]"],
  ["new (", ")"],
  ["if(a)", ";"],
  ["for(;;){", "}"],
  ["while(a)", ""],
  ["try{", "}catch{}"],
  ["switch(a){case 1:", "}"],
  ["label:{", "}"],
  ["a,(", ")"],
  ["[a=", "]=b"],
  ["({a=", "}={})"],
  ["a+(", ")"],
  ["a**", ""],
  ["a&&", "b"],
  ["a??(", ")"],
  ["typeof ", ""],
  ["yield ", ""],
  ["await ", ""],
  ["do ", ";while(a)"],
  ["with(a)", ""],
  ["x=", ""],
  ["/(?:", ")/"],
  ["let{a:", "}=b"],
  ["import(", ")"],
  ["<T>(", ")"],
  ["a as (", ")"],
];

/** Things of which there are very many, one behind the other. */
const LONG: readonly ((n: number) => string)[] = [
  (n) => `"${"x".repeat(n)}"`,
  (n) => `\`${"\\n".repeat(n)}\``,
  (n) => `/${"a|".repeat(n)}b/`,
  (n) => `/${"(a)".repeat(n)}/`,
  (n) => `/[${"a-z".repeat(n)}]/v`,
  (n) => `/${"(?<n>a)|".repeat(n)}b/`,
  (n) => "9".repeat(n),
  (n) => `${"9".repeat(n)}n`,
  (n) => `0x${"f".repeat(n)}n`,
  (n) => `0.${"1".repeat(n)}`,
  (n) => `a${"b".repeat(n)}=1`,
  (n) => `"${"\\u{1f600}".repeat(n)}"`,
  (n) => `/*${"*".repeat(n)}*/`,
  (n) => `//${" ".repeat(n)}\n`,
  (n) => "\n".repeat(n),
  (n) => ";".repeat(n),
  (n) => `[${"a,".repeat(n)}]`,
  (n) => `[${",".repeat(n)}]`,
  (n) => `({${Array.from({ length: n }, (_, i) => `k${i}:${i}`).join()}})`,
  (n) => `f(${"1,".repeat(n)}1)`,
  (n) => `${"a+".repeat(n)}a`,
  (n) => `${"a.b".repeat(n)}`,
  (n) => `a${"?.b".repeat(n)}`,
  (n) => `a${"[0]".repeat(n)}`,
  (n) => `${"a,".repeat(n)}a`,
  (n) => `${"a=".repeat(n)}1`,
  (n) => `${"a&&".repeat(n)}b`,
  (n) => `${"a?b:".repeat(n)}c`,
  (n) => `var ${Array.from({ length: n }, (_, i) => `v${i}`).join()}`,
  (n) => `let ${Array.from({ length: n }, (_, i) => `v${i}=()=>v${i}`).join()}`,
  (n) => `switch(a){${Array.from({ length: n }, (_, i) => `case ${i}:b();`).join("")}}`,
  (n) => `${"if(a)b;else ".repeat(n)}c`,
  (n) => `${"label".repeat(n)}:a`,
  (n) => Array.from({ length: n }, (_, i) => `l${i}:`).join("") + ";",
  (n) => `class A{${Array.from({ length: n }, (_, i) => `#p${i}=1;m${i}(){return this.#p${i}}`).join("")}}`,
  (n) => `class A{${"static{}".repeat(n)}}`,
  (n) => `function f(${Array.from({ length: n }, (_, i) => `p${i}`).join()}){}`,
  (n) => `function f(){${"return;".repeat(n)}}`,
  (n) => "function f(){}".repeat(n),
  (n) => `${"try{a()}finally{b()}".repeat(n)}`,
  (n) => `\`${"${a}".repeat(n)}\``,
  (n) => `${"a`b`".repeat(n)}`,
  (n) => `${"for(const a of b)c;".repeat(n)}`,
  (n) => `const{${Array.from({ length: n }, (_, i) => `a${i}`).join()}}=b`,
  (n) => `export{${Array.from({ length: n }, () => `a as b`).join()}}`,
  (n) => `import{${Array.from({ length: n }, (_, i) => `a${i}`).join()}}from"b"`,
];

/** Programs to begin with. */
const BASE = PROGRAMS.map(({ source }) => source);

function changed(random: Random): string {
  let text = random.pick(BASE);
  for (let times = 1 + random.below(6); times > 0; times--) {
    const at = random.below(text.length + 1);
    const length = random.below(random.chance(0.3) ? 200 : 8);
    switch (random.below(5)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + length);
        break;
      case 1:
        text = text.slice(0, at) + random.pick(WORDS) + text.slice(at);
        break;
      case 2: {
        const from = random.below(text.length);
        text = text.slice(0, at) + text.slice(from, from + length) + text.slice(at);
        break;
      }
      case 3: {
        const other = random.pick(BASE);
        const from = random.below(other.length);
        text = text.slice(0, at) + other.slice(from, from + 20 * length) + text.slice(at);
        break;
      }
      default:
        text =
          text.slice(0, at) + String.fromCharCode(random.below(random.chance(0.8) ? 128 : 65_536)) + text.slice(at + 1);
    }
  }
  return text;
}

function tokens(random: Random): string {
  const glue = random.chance(0.8) ? " " : "";
  return Array.from({ length: random.below(random.chance(0.2) ? 400 : 40) }, () => random.pick(WORDS)).join(glue);
}

function deep(random: Random): string {
  const depth = 1 << random.below(16);
  const nests = Array.from({ length: 1 + random.below(3) }, () => random.pick(NESTS));
  let before = "";
  let behind = "";
  for (let i = 0; i < nests.length; i++) {
    const [open, close] = nests[i]!;
    const times = Math.ceil(depth / nests.length);
    before += open.repeat(times);
    behind = (random.chance(0.9) ? close.repeat(times) : "") + behind;
  }
  return before + random.pick(["a", "", "1", "a=>a", "{}", "yield"]) + behind;
}

function huge(random: Random): string {
  const n = 1 << (4 + random.below(11));
  const text = random.pick(LONG)(n);
  return random.chance(0.3) ? `${random.pick(NESTS)[0]}${text}` : text;
}

function characters(random: Random): string {
  return Array.from({ length: random.below(200) }, () =>
    String.fromCharCode(random.below(random.chance(0.7) ? 128 : 65_536)),
  ).join("");
}

/** A source of that sort. */
export function hostileSource(random: Random, sort: Sort): string {
  switch (sort) {
    case "changed":
      return changed(random);
    case "tokens":
      return tokens(random);
    case "deep":
      return deep(random);
    case "huge":
      return huge(random);
    default:
      return characters(random);
  }
}
