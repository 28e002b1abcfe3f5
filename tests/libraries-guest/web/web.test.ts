// The Web APIs of `fermata-vm/web` against Node's own: sample uses of each, the same at every place where they are held.

import { beforeAll, describe, expect, it } from "vitest";
import type { State } from "../../../ts/index.ts";
import type { Runtime } from "../../../ts/api/runtime.ts";
import { runtimeWith } from "../../support/libraries.ts";
import {
  type Case,
  COMPRESSION_CASES,
  CRYPTO_CASES,
  FETCH_CASES,
  MESSAGE_CASES,
  PATTERN_CASES,
  STREAM_CASES,
  URL_CASES,
} from "./cases.ts";

const LIMITS = { fuel: Infinity, timeMs: Infinity, memoryBytes: 256 * 1024 * 1024 };

const GROUPS: readonly (readonly [name: string, libraries: readonly string[], cases: readonly Case[]])[] = [
  ["URL", ["web-url"], URL_CASES],
  ["URLPattern", ["web-urlpattern"], PATTERN_CASES],
  ["fetch", ["web-fetch"], FETCH_CASES],
  ["streams", ["web-streams"], STREAM_CASES],
  ["compression", ["web-compression", "web-fetch"], COMPRESSION_CASES],
  ["crypto.subtle", ["web-crypto"], CRYPTO_CASES],
  ["messages", ["web-messaging"], MESSAGE_CASES],
];

type AsyncFunction = new (source: string) => () => Promise<unknown>;
const AsyncFunction = (async () => undefined).constructor as AsyncFunction;

/** What Node answers, as JSON. */
async function expectedOf(one: Case): Promise<unknown> {
  return "expected" in one ? one.expected : new AsyncFunction(one.source)();
}

/** What the cases answer in the guest, as JSON: one program for all. */
async function answersOf(runtime: Runtime, cases: readonly Case[]): Promise<unknown[]> {
  const bodies = cases.map(({ source }) => `async () => {\n${source}\n}`).join(",\n");
  const program = runtime.compile(
    `const answers = [];
     for (const one of [${bodies}]) {
       try { answers.push(JSON.stringify(await one())); } catch (error) { answers.push(JSON.stringify(String(error))); }
     }
     answers`,
    { filename: "cases.js" },
  );
  const { output } = await program.run({ limits: LIMITS, seed: 1 });
  return (output as (string | undefined)[]).map((text) => (text === undefined ? undefined : JSON.parse(text)));
}

describe.each(GROUPS)("%s", (_name, libraries, cases) => {
  let answers: readonly unknown[] = [];
  beforeAll(async () => {
    answers = await answersOf(await runtimeWith(...libraries), cases);
  });

  it.each(cases.map((one, index) => [one.source.slice(0, 120), one, index] as const))(
    "%s",
    async (_source, one, index) => {
      const answer: unknown = JSON.parse(JSON.stringify(await expectedOf(one)) ?? "null");
      expect(answers[index] ?? null).toStrictEqual(answer);
    },
  );
});

/** Goes on to the end, through bytes at every stop. */
function runHeld(runtime: Runtime, source: string, fuel: number): { output: unknown; fuel: number; stops: number } {
  let state: State = runtime.compile(source, { filename: "held.js" }).start({ limits: { ...LIMITS, fuel }, seed: 1 });
  let stops = 0;
  while (state.status !== "complete") {
    const bytes = state.snapshot().dump();
    state.dispose();
    state = runtime.load(bytes, { limits: LIMITS }).restore();
    stops++;
    if (state.status === "paused") state = state.resume({ fuel });
    else if (state.status === "suspended") {
      const [first] = [...state.calls].sort((a, b) => a.dueAt! - b.dueAt! || a.id - b.id);
      state = state.resumeCalls(new Map([[first!.id, { value: undefined }]]), { fuel });
    }
  }
  return { output: state.output, fuel: state.usage.fuel, stops };
}

const HELD = `
const seen = [];
const u = new URL("../b?x=1#y", "http://\\u00fc\\u4e2d.example/a/c");
u.searchParams.append("z", "\\u20ac");
seen.push(u.href);
const upper = new TransformStream({ transform(chunk, controller) { for (let i = 0; i < 20; i++) controller.enqueue(chunk + i); } });
for await (const one of ReadableStream.from(["a", "b"]).pipeThrough(upper)) seen.push(one);
const packed = new Blob(["fermata ".repeat(50)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
seen.push(await new Response(packed).text().catch((error) => error.name));
const form = new FormData();
form.append("f", new File(["x"], "n.txt"));
seen.push((await new Response(form).formData()).get("f").name);
seen.push(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc"))).join());
const { port1, port2 } = new MessageChannel();
seen.push(await new Promise((resolve) => { port2.onmessage = (event) => resolve(event.data); port1.postMessage({ m: 1 }); }));
JSON.stringify(seen)`;

describe("held on the way", () => {
  it("answers the same, for the same fuel, at every stop", { timeout: 120_000 }, async () => {
    const runtime = await runtimeWith("web-compression", "web-fetch", "web-crypto", "web-messaging");
    const whole = runHeld(runtime, HELD, Infinity);
    expect(whole.output).toContain("xn--");
    for (const slice of [211, 97]) {
      const held = runHeld(runtime, HELD, slice);
      expect(held.stops).toBeGreaterThan(20);
      expect([held.output, held.fuel]).toStrictEqual([whole.output, whole.fuel]);
    }
  });
});
