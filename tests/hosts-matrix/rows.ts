// Owns the rows of the matrix: each host and bundler as its users run it. What a row says that users must add is in the docs page of
// that host. Must never help a host with anything that its users are not told.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { servedHost, pageHost, processHost, startServer, workerdHost } from "./hosts.ts";
import type { Host, Row } from "./matrix.ts";
import { type Project, root, type Workshop } from "./project.ts";

/** What every error of a bundle without its wasm names. */
const INLINE = /cannot load fermata\.wasm: .*"fermata-vm\/inline"/s;
const VITE = "6 7 8".split(" ");

const page = (script: string, type = "module"): string =>
  `<!doctype html><link rel="icon" href="data:,"><script${type === "" ? "" : ` type="${type}"`} src="${script}"></script>`;

export function rowsOf({ project }: Workshop): Row[] {
  return [
    ...nodeRows(project),
    ...otherRuntimes(project),
    ...VITE.flatMap((version) => viteRows(project, version)),
    ...webpackRows(project),
    ...rollupRows(project),
    ...esbuildRows(project),
    ...bunBuildRows(project),
    ...nextRows(project),
  ];
}

type Projects = Workshop["project"];

function nodeRows(project: Projects): Row[] {
  return ["20", "22", "24"].flatMap((major) => {
    const open =
      (file: string): Row["open"] =>
      async () => {
        const isThis = process.versions.node.split(".")[0] === major;
        const made = await (isThis ? project() : project(`node@${major}`));
        return processHost(made.folder, isThis ? process.execPath : made.path("node_modules/node/bin/node"), file);
      };
    return [
      { name: `Node ${major}`, needs: "", open: open("process.js") },
      { name: `Node ${major}, require`, needs: "", open: open("require.cjs") },
    ];
  });
}

function otherRuntimes(project: Projects): Row[] {
  const bin = (name: string): string => join(root, "node_modules/.bin", name);
  return [
    {
      name: "Deno",
      needs: "--allow-read",
      open: async () =>
        processHost((await project()).folder, bin("deno"), "run", "--allow-read", "--no-lock", "deno.js"),
    },
    { name: "Bun", needs: "", open: async () => processHost((await project()).folder, bin("bun"), "process.js") },
    {
      name: "workerd, wrangler",
      needs: "",
      async open() {
        const made = await project("wrangler@4");
        made.write(
          "wrangler.json",
          JSON.stringify({ name: "w", main: "workerd.js", compatibility_date: "2026-04-26" }),
        );
        await made.bin("wrangler", "deploy", "--dry-run", "--outdir", "out-worker");
        // The template, with its own configuration.
        cpSync(join(root, "examples/cloudflare"), made.path("template"), { recursive: true });
        const config = ["--config", "template/wrangler.jsonc", "--outdir", "out-template"];
        const told = await made.bin("wrangler", "deploy", "--dry-run", ...config);
        if (!told.includes("env.RUNS (Runs)")) throw new Error(`the template has no binding RUNS: ${told}`);
        return workerdHost(made.path("out-worker"), "workerd.js");
      },
    },
  ];
}

/** The one line for Vite before 8, whose development server moves dependencies away from their files. */
const EXCLUDE = `optimizeDeps: { exclude: ["fermata-vm"] }`;
/** The one line for Workers in builds of Vite before 8: theirs are classic scripts by default. */
const ES_WORKERS = `worker: { format: "es" }`;

function viteRows(project: Projects, version: string): Row[] {
  const configured = async (config: string): Promise<Project> => {
    const made = await project(`vite@${version}`);
    made.write("vite.config.js", `export default { ${config} };\n`);
    return made;
  };
  const dev = (start: string, config: string) => async (): Promise<Host> => {
    const made = await configured(config);
    const vite = made.path("node_modules/vite/bin/vite.js");
    const { address, stop } = await startServer(made.folder, process.execPath, vite, "--port", "0", "--force");
    return pageHost(`${address}/${start}`, stop);
  };
  const build = (start: string, config: string) => async (): Promise<Host> => {
    const input = `build: { rollupOptions: { input: "${start}" } }, ${config}`;
    const made = await configured(input);
    await made.bin("vite", "build", "--outDir", `out-${start}`, "--emptyOutDir");
    return servedHost(made.path(`out-${start}`), start);
  };
  const old = version !== "8";
  const name = `Vite ${version}`;
  return [
    ...(old
      ? [{ name: `${name} dev, not told`, needs: "", fails: /optimizeDeps: \{ exclude/, open: dev("page.html", "") }]
      : []),
    { name: `${name} dev`, needs: old ? EXCLUDE : "", open: dev("page.html", old ? EXCLUDE : "") },
    { name: `${name} dev, Worker`, needs: old ? EXCLUDE : "", open: dev("page-worker.html", old ? EXCLUDE : "") },
    { name: `${name} build`, needs: "", open: build("page.html", "") },
    {
      name: `${name} build, Worker`,
      needs: old ? ES_WORKERS : "",
      open: build("page-worker.html", old ? ES_WORKERS : ""),
    },
    { name: `${name} build, inline`, needs: "fermata-vm/inline", open: build("page-inline.html", "") },
  ];
}

function webpackRows(project: Projects): Row[] {
  const build = (script: string) => async (): Promise<Host> => {
    const made = await project("webpack@5", "webpack-cli");
    const out = made.path(`out-${script}`);
    await made.bin("webpack", "--mode", "production", "--entry", `./${script}.js`, "--output-path", out);
    return servedHost(out, "", page("main.js"));
  };
  return [
    { name: "webpack 5", needs: "", open: build("page") },
    { name: "webpack 5, Worker", needs: "", open: build("page-worker") },
  ];
}

function rollupRows(project: Projects): Row[] {
  const build = (script: string, format: string) => async (): Promise<Host> => {
    const made = await project("rollup@4", "@rollup/plugin-node-resolve");
    const out = `out-${script}-${format}`;
    const one = format === "iife" ? ["--inlineDynamicImports"] : [];
    const common = ["-p", "node-resolve={browser:true}", "--format", format, "--dir", out, ...one];
    await made.bin("rollup", `${script}.js`, ...common);
    return servedHost(made.path(out), "", page(`${script}.js`, format === "iife" ? "" : "module"));
  };
  return [
    { name: "Rollup, not told", needs: "", fails: INLINE, open: build("page", "es") },
    { name: "Rollup", needs: "fermata-vm/inline", open: build("page-inline", "es") },
    { name: "Rollup, iife", needs: "fermata-vm/inline", open: build("page-inline", "iife") },
  ];
}

function esbuildRows(project: Projects): Row[] {
  const build =
    (script: string, format: string, ...more: string[]) =>
    async (): Promise<Host> => {
      const made = await project("esbuild");
      const out = `out-${script}-${format}`;
      await made.bin("esbuild", `${script}.js`, "--bundle", `--format=${format}`, `--outdir=${out}`, ...more);
      return servedHost(made.path(out), "", page(`${script}.js`, format === "iife" ? "" : "module"));
    };
  return [
    { name: "esbuild esm, not told", needs: "", fails: INLINE, open: build("page", "esm") },
    { name: "esbuild iife, not told", needs: "", fails: INLINE, open: build("page", "iife") },
    { name: "esbuild esm", needs: "fermata-vm/inline", open: build("page-inline", "esm") },
    { name: "esbuild iife", needs: "fermata-vm/inline", open: build("page-inline", "iife") },
  ];
}

function bunBuildRows(project: Projects): Row[] {
  const bun = join(root, "node_modules/.bin/bun");
  const build = (script: string, target: string) => async (): Promise<Host> => {
    const made = await project();
    const out = `out-bun-${target}-${script}`;
    await made.run(bun, "build", `--target=${target}`, `--outdir=${out}`, `${script}.js`);
    if (target === "browser") return servedHost(made.path(out), "", page(`${script}.js`));
    return processHost(made.folder, target === "bun" ? bun : process.execPath, made.path(out, `${script}.js`));
  };
  const compile = (script: string) => async (): Promise<Host> => {
    const made = await project();
    await made.run(bun, "build", "--compile", `${script}.js`, "--outfile", made.path(`${script}-alone`));
    return processHost(made.folder, made.path(`${script}-alone`));
  };
  return (["bun", "node", "browser"] as const)
    .flatMap((target): Row[] => {
      const script = target === "browser" ? "page" : "process";
      const name = `bun build --target=${target}`;
      return [
        { name: `${name}, not told`, needs: "", fails: INLINE, open: build(script, target) },
        { name, needs: "fermata-vm/inline", open: build(`${script}-inline`, target) },
      ];
    })
    .concat([
      { name: "bun build --compile, not told", needs: "", fails: INLINE, open: compile("process") },
      { name: "bun build --compile", needs: "fermata-vm/inline", open: compile("process-inline") },
    ]);
}

function nextRows(project: Projects): Row[] {
  const built = async (): Promise<Project> => {
    const made = await project("next", "react", "react-dom");
    made.write("app/layout.js", `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`);
    made.write(
      "app/page.js",
      `"use client";\nimport { useEffect } from "react";\nexport default function Page() {\n  useEffect(() => void import("../page.js"), []);\n  return <p>Approval</p>;\n}\n`,
    );
    made.write(
      "app/turn/route.js",
      `import * as fermata from "fermata-vm";\nimport { takeTurn } from "../../approval.js";\nexport const POST = async (request) => Response.json(await takeTurn(fermata, await request.json()));\n`,
    );
    await made.bin("next", "build");
    return made;
  };
  let once: Promise<Project> | undefined;
  const start = async (): Promise<{ address: string; stop(): Promise<void> }> => {
    const made = await (once ??= built());
    return startServer(made.folder, made.path("node_modules/.bin/next"), "start", "--port", "0");
  };
  return [
    {
      name: "Next.js, route handler",
      needs: "",
      open: async () => ({
        async turn(request) {
          const { address, stop } = await start();
          try {
            const response = await fetch(`${address}/turn`, { method: "POST", body: JSON.stringify(request) });
            if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
            return (await response.json()) as unknown;
          } finally {
            await stop();
          }
        },
      }),
    },
    {
      name: "Next.js, page",
      needs: "",
      async open() {
        const { address, stop } = await start();
        return pageHost(address, stop);
      },
    },
  ];
}
