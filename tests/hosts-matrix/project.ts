// Owns the projects of users: folders outside of the repository with the packed package, the approval program, and what npm installs
// beside them. Must never put anything into the repository's own package.json.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Without colours, questions and reports to anybody. */
export const ENVIRONMENT = {
  ...process.env,
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  CI: "1",
  DENO_NO_UPDATE_CHECK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DO_NOT_TRACK: "1",
};

/** Ends a program that does not end by itself. */
const MOST_MS = 240_000;

export interface Project {
  readonly folder: string;
  /** Path of a file in the project. */
  path(...names: string[]): string;
  write(name: string, text: string): void;
  /** Runs a program in the project; resolves to its standard output, rejects with what it printed. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Runs a command that a package of the project brings. */
  bin(name: string, ...args: string[]): Promise<string>;
}

export interface Workshop {
  /** A project with the package and these packages of npm (`vite@6`). Equal lists share one `node_modules`. */
  project(...packages: string[]): Promise<Project>;
  dispose(): void;
}

/** Packs the package, and makes projects that use it. */
export function makeWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "fermata-hosts-"));
  const options = { cwd: root, env: ENVIRONMENT };
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], options);
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz"))!,
  );
  const projects = new Map<string, Promise<Project>>();
  return {
    project(...packages) {
      const key = packages.join(" ");
      const known = projects.get(key);
      if (known !== undefined) return known;
      const made = makeProject(join(folder, `project-${projects.size}`), tarball, packages);
      projects.set(key, made);
      return made;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

async function makeProject(folder: string, tarball: string, packages: readonly string[]): Promise<Project> {
  mkdirSync(folder);
  const project: Project = {
    folder,
    path: (...names) => join(folder, ...names),
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    run: (command, ...args) => runProgram(folder, command, args),
    bin: (name, ...args) => runProgram(folder, join(folder, "node_modules/.bin", name), args),
  };
  project.write("package.json", JSON.stringify({ name: "user", private: true, type: "module" }));
  cpSync(join(root, "tests/hosts-matrix/app"), folder, { recursive: true });
  const source = readFileSync(join(root, "examples/approval.ts"), "utf8");
  project.write("source.js", `export const SOURCE = ${JSON.stringify(source)};\n`);
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await project.run("npm", "install", ...flags, tarball, ...packages);
  return project;
}

export function runProgram(folder: string, command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, env: ENVIRONMENT, timeout: MOST_MS });
    let out = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command.split("/").at(-1)} ended with ${code ?? signal}: ${complaints}${out}`));
    });
  });
}
