// Owns the list of commands and options, from which the help text and the shells' completions are made. Must never say what an option
// does to a program.

export const OPTIONS = {
  input: { type: "string", multiple: true },
  tools: { type: "string" },
  external: { type: "string", multiple: true },
  modules: { type: "string" },
  library: { type: "string", multiple: true },
  name: { type: "string" },
  globals: { type: "string" },
  output: { type: "string" },
  fuel: { type: "string" },
  time: { type: "string" },
  "hold-after": { type: "string" },
  snapshot: { type: "string" },
  seed: { type: "string" },
  "allow-eval": { type: "boolean" },
  "check-only": { type: "boolean" },
  eval: { type: "string", short: "e" },
  answer: { type: "string", multiple: true },
  "answer-error": { type: "string", multiple: true },
  value: { type: "string" },
  error: { type: "string" },
  json: { type: "boolean" },
  scopes: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

export type OptionName = keyof typeof OPTIONS;

interface CommandSyntax {
  readonly operand: string;
  readonly does: string;
  readonly options: readonly OptionName[];
}

const LIMITS = ["fuel", "time", "hold-after", "snapshot"] as const;

const COMMANDS: Readonly<Record<string, CommandSyntax>> = {
  run: {
    operand: "FILE | - | --eval CODE",
    does: "runs a program; - reads it from the standard input",
    options: [
      "eval",
      "input",
      "tools",
      "external",
      "modules",
      "library",
      ...LIMITS,
      "seed",
      "allow-eval",
      "check-only",
    ],
  },
  resume: {
    operand: "FILE",
    does: "goes on with a held program",
    options: ["answer", "answer-error", "value", "error", "tools", "modules", "library", ...LIMITS],
  },
  inspect: {
    operand: "FILE",
    does: "shows what a held program waits for, and where it is",
    options: ["json", "scopes", "library"],
  },
  disassemble: { operand: "FILE", does: "shows the bytecode of a source or of a compiled program", options: [] },
  library: {
    operand: "build FILE",
    does: "compiles a bundle of JavaScript to a library",
    options: ["name", "globals", "output"],
  },
  completion: { operand: "bash | zsh | fish", does: "prints completions for a shell", options: [] },
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** Option, how its value is written, what it does. */
const HELP: readonly (readonly [OptionName, string, string])[] = [
  ["input", "NAME=JSON", "binds a variable in the program; any other text is a string"],
  ["tools", "MODULE", "exports the functions that the program may call; its `externals` says which are sync"],
  [
    "external",
    "NAME[:sync]",
    "a function that the program may call and that is answered later: the program is held there",
  ],
  ["modules", "DIR", "the folder of modules and JSON that the program imports (run: that of FILE, no JSON)"],
  ["library", "MODULE", "a library that the program may name: a module, or fermata-vm/web"],
  ["name", "NAME@VERSION", "the library's name and version (default: that of FILE, 0.0.0)"],
  ["globals", "A,B", "names that bring the library in, besides the globals that it adds"],
  ["output", "FILE", "where the library is written (default: FILE.library.mjs)"],
  ["eval", "CODE", "the program itself"],
  ["allow-eval", "", "the program may compile code from strings: eval, Function"],
  ["check-only", "", "compiles the program and runs nothing"],
  ["seed", "TEXT", "seeds Math.random"],
  ["answer", "NAME=JSON", "answers the pending call of a function; #ID=JSON if the function is called more than once"],
  ["answer-error", "NAME=TEXT", "answers it with an Error"],
  ["value", "JSON", "answers the only pending call; --error TEXT with an Error"],
  ["fuel", "N", "holds the program when so much is spent"],
  ["time", "MS", "ends the program when it has computed so long"],
  ["hold-after", "MS", "holds the program when so much time is over"],
  ["snapshot", "FILE", "where a held program is written (default: FILE.fermata; resume writes back to FILE)"],
  ["json", "", "prints JSON"],
  ["scopes", "", "shows the variables of every function that is under way"],
];

/** Options that a command takes; undefined if there is no such command. */
export function optionsOf(command: string): readonly OptionName[] | undefined {
  return Object.hasOwn(COMMANDS, command) ? COMMANDS[command]!.options : undefined;
}

function commandLines(): string {
  return Object.entries(COMMANDS)
    .map(([name, { operand, does }]) => `  fermata ${name} ${operand}`.padEnd(44) + does)
    .join("\n");
}

function optionLines(): string {
  return HELP.map(([name, value, does]) => `  --${name} ${value}`.padEnd(28) + does).join("\n");
}

export const USAGE = `Runs JavaScript and TypeScript that can stop anywhere and go on elsewhere.

${commandLines()}

${optionLines()}

Ctrl-C holds the program and writes its snapshot; a second one quits.

Exit codes: 0 complete · 1 internal · 2 usage · 3 error in the program · 4 limit · 5 bad snapshot · 10 held,
and the snapshot is written
`;

const SHELLS: Readonly<Record<string, () => string>> = {
  bash: () => {
    const cases = Object.entries(COMMANDS).map(([name, { options }]) => `      ${name}) words="${flags(options)}" ;;`);
    return `_fermata() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${Object.keys(COMMANDS).join(" ")} --help --version"
  elif [[ "$cur" == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _fermata fermata
`;
  },
  zsh: () => {
    const cases = Object.entries(COMMANDS).map(([name, { options }]) => `    ${name}) compadd -- ${flags(options)} ;;`);
    return `#compdef fermata
_fermata() {
  if (( CURRENT == 2 )); then compadd -- ${Object.keys(COMMANDS).join(" ")} --help --version; return; fi
  if [[ "\${words[CURRENT]}" != -* ]]; then _files; return; fi
  case "\${words[2]}" in
${cases.join("\n")}
  esac
}
compdef _fermata fermata
`;
  },
  fish: () => {
    const help = new Map(HELP.map(([name, , does]) => [name, does]));
    const lines = Object.entries(COMMANDS).flatMap(([name, { does, options }]) => [
      `complete -c fermata -n __fish_use_subcommand -a ${name} -d ${quoted(does)}`,
      ...options.map((option) => {
        const value = OPTIONS[option].type === "string" ? " -r" : "";
        return `complete -c fermata -n "__fish_seen_subcommand_from ${name}" -l ${option}${value} -d ${quoted(help.get(option) ?? option)}`;
      }),
    ]);
    return `${lines.join("\n")}\n`;
  },
};

function flags(options: readonly OptionName[]): string {
  return options.map((name) => `--${name}`).join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

/** The completions for a shell; undefined if it is not known. */
export function completionFor(shell: string): string | undefined {
  return Object.hasOwn(SHELLS, shell) ? SHELLS[shell]!() : undefined;
}
