// A small sample of `npm run test:hosts`: its judgement, its table, and the row of this Node.

import { afterAll, describe, expect, it } from "vitest";
import { judge, tableOf, type Row } from "../hosts-matrix/matrix.ts";
import { makeWorkshop } from "../hosts-matrix/project.ts";
import { rowsOf } from "../hosts-matrix/rows.ts";

const workshop = makeWorkshop();
afterAll(() => workshop.dispose());
const rows = rowsOf(workshop);

const failing = (message: string, fails?: RegExp): Row => ({
  name: "none",
  needs: "",
  fails,
  open: () => Promise.reject(new Error(message)),
});

describe("the matrix of hosts", () => {
  it("has a row for every host that is promised", () => {
    const names = rows.map(({ name }) => name.replace(",", "")).join("\n");
    const promised = `Node 20, Node 22, Node 24, Deno, Bun, workerd, webpack 5, webpack 5 Worker, Rollup, Next.js, Vite 6 dev Worker,
      Vite 6 build, Vite 7 dev Worker, Vite 7 build, Vite 8 dev Worker, Vite 8 build, esbuild esm, esbuild iife, bun build --compile`;
    for (const host of promised.split(/,\s+/)) expect(names).toMatch(new RegExp(`^${host}`, "m"));
  });

  it("holds and resumes the approval program of the packed package in this Node", { timeout: 60_000 }, async () => {
    const row = rows.find(({ name }) => name === `Node ${process.versions.node.split(".")[0]}`) ?? rows[0]!;
    const verdict = await judge(row);
    expect(verdict.fault).toBeUndefined();
    expect(tableOf([verdict])).toMatch(/^\| Node \d+ +\| nothing +\| held and resumed \|/m);
  });

  it("fails a row whose host fails in another way than is promised", async () => {
    expect(await judge(failing("HTTP 404"))).toMatchObject({ fault: "HTTP 404" });
    expect(await judge(failing("HTTP 404", /add this line/))).toMatchObject({ fault: "HTTP 404" });
    const told = await judge(failing("add this line", /add this line/));
    expect(told.fault).toBeUndefined();
    expect(tableOf([told])).toContain("its error says what to add");
  });

  it("fails a row that works although it cannot", async () => {
    const answers = [
      { asks: [["requestApproval", 18_620.8]], bytes: [1] },
      { output: { paid: 3, references: ["PAY-301", "PAY-302", "PAY-304"], refused: 1, by: "Ingrid" } },
    ];
    const host = { turn: async () => answers.shift() };
    const verdict = await judge({ ...failing("", /never/), open: async () => host });
    expect(verdict.fault).toContain("it works, but the row says that it cannot");
  });
});
