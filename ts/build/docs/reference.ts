// Owns the text of the reference pages in docs/reference, made of what the package exports. Must never say anything that the declarations
// do not say, and never leave out an export: tests/site compares the pages with the package as it is imported.

import type { Doc, Entry, Export, Member } from "./exports.ts";
import { slugOf } from "./pages.ts";

export interface ReferencePage {
  /** Name of the file in docs/reference, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Which exports of which entry are on it. */
  readonly has: (entry: string, one: Export) => boolean;
}

const isError = ({ name, kind }: Export): boolean => kind === "class" && name.endsWith("Error");
const isType = ({ kind, isType: only }: Export): boolean => only || kind === "interface" || kind === "type";
const MAIN = "fermata-vm";
const LIBRARIES = new Set(["web", "temporal", "intl", "node"].map((name) => `${MAIN}/${name}`));

const PAGES: readonly ReferencePage[] = [
  {
    name: "fermata-vm",
    title: "Functions and classes",
    about: "What `fermata-vm` exports: runtimes, programs, states, snapshots, sessions and recordings.",
    has: (entry, one) => entry === MAIN && !isType(one) && !isError(one),
  },
  {
    name: "types",
    title: "Types",
    about: "The interfaces and types that `fermata-vm` exports.",
    has: (entry, one) => entry === MAIN && isType(one),
  },
  {
    name: "errors",
    title: "Errors",
    about: "What is thrown. Each class has a stable `code`.",
    has: (entry, one) => entry === MAIN && isError(one),
  },
  {
    name: "runner",
    title: "Runs held for days",
    about: "`fermata-vm/runner`: runs in a store, with approvals, retries and timers.",
    has: (entry) => entry === `${MAIN}/runner`,
  },
  {
    name: "stores",
    title: "Stores",
    about: "`fermata-vm/stores/…`: places to keep snapshots, one entry each.",
    has: (entry) => entry.startsWith(`${MAIN}/stores/`),
  },
  {
    name: "libraries",
    title: "Libraries",
    about: "Guest code that programs have when they name it, as default exports for `createRuntime({ libraries })`.",
    has: (entry) => LIBRARIES.has(entry),
  },
  {
    name: "hosts",
    title: "Other entries",
    about: "The entries that serve one host or HTTP, and the parts of the package that can be had alone.",
    has: () => true,
  },
];

interface Place {
  readonly page: string;
  readonly entry: string;
  readonly one: Export;
}

const titleOf = ({ one, entry }: Place): string => (one.name === "default" ? `default of ${entry}` : one.name);

const methodsOf = ({ members }: Export): readonly Member[] => members.filter(({ kind }) => kind === "method");

/** The ids that a page's headings get: `Owner` or `Owner.method` → id. Two headings that look alike get different ones, as on GitHub. */
function anchorsOf(places: readonly Place[]): Map<string, string> {
  const taken = new Map<string, number>();
  const unique = (slug: string): string => {
    const before = taken.get(slug) ?? 0;
    taken.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  };
  return new Map(
    places.flatMap((place) => [
      [titleOf(place), unique(slugOf(titleOf(place)))] as const,
      ...methodsOf(place.one).map(({ name }) => {
        const full = `${place.one.name}.${name}`;
        return [full, unique(slugOf(full))] as const;
      }),
    ]),
  );
}

/** Writes Markdown with links between the pages. */
class Writer {
  readonly #places = new Map<string, Place>();
  readonly #anchors = new Map<string, Map<string, string>>();
  readonly #page: string;

  constructor(places: readonly Place[], page: string) {
    this.#page = page;
    // Several entries have a function of one name: the package's root is what is meant.
    for (const place of places) {
      const { name } = place.one;
      if (name !== "default" && !this.#places.has(name)) this.#places.set(name, place);
    }
    for (const { name } of PAGES) this.#anchors.set(name, anchorsOf(places.filter((place) => place.page === name)));
  }

  /** The address of an export, or of a member of one; undefined for what is not on these pages. */
  addressOf(name: string): string | undefined {
    const [owner, member] = name.split(".") as [string, string?];
    const place = this.#places.get(owner);
    if (place === undefined) return undefined;
    const anchors = this.#anchors.get(place.page)!;
    const anchor = anchors.get(`${owner}.${member}`) ?? anchors.get(titleOf(place))!;
    return place.page === this.#page ? `#${anchor}` : `${place.page}.md#${anchor}`;
  }

  /** TSDoc's text: links become links, lists and code stay. */
  text(text: string): string {
    return text.replaceAll(/\{@link(?:code|plain)? ([\w.]+)(?:[ |]+([^}]+))?\}/g, (_, name: string, label?: string) => {
      const address = this.addressOf(name);
      const shown = label?.trim() ?? `\`${name}\``;
      return address === undefined ? shown : `[${shown}](${address})`;
    });
  }

  /** Links to the exported types that signatures mention. */
  #mentioned(signatures: readonly string[], self: string): string {
    const names = new Set(signatures.join(" ").match(/\b[A-Z]\w+/g) ?? []);
    const links = [...names].filter((name) => name !== self && this.#places.has(name));
    if (links.length === 0) return "";
    return `Types: ${links.map((name) => `[\`${name}\`](${this.addressOf(name)!})`).join(", ")}\n\n`;
  }

  #doc({ text, params, returns, throws }: Doc): string {
    const rows = [
      ...params.filter(([, about]) => about !== "").map(([name, about]) => `- \`${name}\`: ${this.#inline(about)}`),
      ...(returns === "" ? [] : [`- Returns ${this.#inline(returns)}`]),
      ...throws.map((about) => `- Throws ${this.#inline(about)}`),
    ];
    return `${text === "" ? "" : `${this.text(text)}\n\n`}${rows.length === 0 ? "" : `${rows.join("\n")}\n\n`}`;
  }

  #inline(text: string): string {
    return this.text(text).replaceAll(/\s*\n\s*/g, " ");
  }

  #property({ signatures, doc }: Member): string {
    const about = this.#inline(doc.text);
    return `- \`${signatures[0]!}\`${about === "" ? "" : `: ${about}`}`;
  }

  #method(owner: string, { name, signatures, doc }: Member): string {
    return `### ${owner}.${name}\n\n${fence(signatures)}${this.#mentioned(signatures, owner)}${this.#doc(doc)}`;
  }

  export(place: Place): string {
    const { one } = place;
    const properties = one.members.filter(({ kind }) => kind === "property");
    // The members of a type literal are listed below: its text would say them twice.
    const isLong = one.kind === "type" && one.members.length > 0;
    const shown = isLong ? [`${one.signatures[0]!.split("{")[0]!}{ … }`] : one.signatures;
    return [
      `## ${titleOf(place)}\n\n`,
      `${capital(one.kind)} of \`${place.entry}\`${one.isType && one.kind === "class" ? ", exported as a type" : ""}.\n\n`,
      fence(shown),
      this.#mentioned(shown, one.name),
      this.#doc(one.doc),
      properties.length === 0 ? "" : `${properties.map((member) => this.#property(member)).join("\n")}\n\n`,
      ...methodsOf(one).map((member) => this.#method(one.name, member)),
    ].join("");
  }
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
const fence = (lines: readonly string[]): string => `\`\`\`ts\n${lines.join("\n")}\n\`\`\`\n\n`;

const NOTE = "Written from the package's declarations by `npm run docs:build`.";

/** The page that lists all of them. */
function indexOf(entries: readonly Entry[], places: readonly Place[], writer: Writer): string {
  const sections = entries.map(({ specifier, shared }) => {
    const own = places.filter(({ entry }) => entry === specifier);
    const rows = own.map((place) => {
      const address = `${place.page}.md#${slugOf(titleOf(place))}`;
      const [first] = writer.text(place.one.doc.text).split(/(?<=\.)\s|\n\n/);
      return `| [\`${place.one.name}\`](${address}) | ${place.one.kind} | ${first!.replaceAll("\n", " ").replaceAll("|", "\\|")} |`;
    });
    const also = shared.length === 0 ? "" : `\n${sharedText(shared, writer)}\n`;
    const table = rows.length === 0 ? "" : `| export | kind | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
    return `## ${specifier}\n\n${table}${also}`;
  });
  return `# API reference\n\nEvery export of the package, entry by entry. ${NOTE}\n\n${sections.join("\n")}`;
}

function sharedText(shared: readonly string[], writer: Writer): string {
  if (shared.length > 20) return "Also everything that `fermata-vm` exports.";
  const links = shared.map((name) => `[\`${name}\`](${writer.addressOf(name) ?? "index.md"})`);
  return `Also ${links.join(", ")}.`;
}

/** All pages: name of the file in docs/reference → its text. */
export function referencePages(entries: readonly Entry[]): Map<string, string> {
  const places = entries.flatMap(({ specifier, exports }) =>
    exports.map((one): Place => {
      return { entry: specifier, one, page: PAGES.find(({ has }) => has(specifier, one))!.name };
    }),
  );
  const files = new Map([["index.md", indexOf(entries, places, new Writer(places, "index"))]]);
  for (const { name, title, about } of PAGES) {
    const writer = new Writer(places, name);
    const sections = places.filter(({ page }) => page === name).map((place) => writer.export(place));
    files.set(`${name}.md`, `# ${title}\n\n${about} ${NOTE}\n\n${sections.join("").trim()}\n`);
  }
  return files;
}
