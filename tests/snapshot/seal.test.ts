// Sealed snapshots: only who has the key reads, changes or makes them.

import { gcmsiv } from "@noble/ciphers/aes.js";
import { createHash, createHmac } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { hmac } from "../../ts/bytes/sha256.ts";
import { type SnapshotContext, SnapshotError, type SuspendedState } from "../../ts/index.ts";
import { testRuntime } from "./support.ts";

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
const other = Uint8Array.from({ length: 32 }, (_, i) => i * 5 + 1);

let runtime: Runtime;
let state: SuspendedState;
beforeAll(async () => {
  runtime = await testRuntime();
  const program = runtime.compile(`const secret = "the word is fermata"; await ask(1) + secret.length`, {
    filename: "secret.js",
    externals: ["ask"],
  });
  state = program.start({ seed: 1, now: 0 }) as SuspendedState;
});

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SnapshotError) return error.reason;
    throw error;
  }
  return "accepted";
}

describe("a sealed snapshot", () => {
  it("opens with its key, alone or among others", () => {
    const bytes = state.snapshot().dump({ key });
    expect(runtime.load(bytes, { keys: key }).resume(2)).toMatchObject({ status: "complete", output: 21 });
    expect(runtime.load(bytes, { keys: [other, key] }).resume(3)).toMatchObject({ output: 22 });
  });

  it("is refused without the key, with another one, and unsealed where a key is asked for", () => {
    const bytes = state.snapshot().dump({ key });
    expect(reasonOf(() => runtime.load(bytes))).toBe("key");
    expect(reasonOf(() => runtime.load(bytes, { keys: other }))).toBe("key");
    expect(reasonOf(() => runtime.load(bytes, { keys: [] }))).toBe("key");
    expect(reasonOf(() => runtime.load(state.snapshot().dump(), { keys: key }))).toBe("unsealed");
    expect(reasonOf(() => runtime.load(state.snapshot().dump(), { keys: [] }))).toBe("unsealed");
    expect(reasonOf(() => runtime.load(state.snapshot().dump(), { context: "a" }))).toBe("unsealed");
  });

  it("is refused with any bit changed, and cut anywhere", () => {
    const bytes = state.snapshot().dump({ key });
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice();
      altered[at]! ^= 1 << (at % 8);
      // Three bytes say that it is sealed; then version, key id, context tag, expiry, nonce, and what is sealed.
      const expected =
        at < 3
          ? "unsealed"
          : at < 4
            ? "unsupported-version"
            : at < 12
              ? "key"
              : at < 28 || (at >= 36 && at < 48)
                ? "context"
                : "altered";
      expect(
        reasonOf(() => runtime.load(altered, { keys: key })),
        `bit at ${at}`,
      ).toBe(expected);
      expect(
        reasonOf(() => runtime.load(bytes.subarray(0, at), { keys: key })),
        `cut at ${at}`,
      ).toBe(at < 3 ? "unsealed" : at < 64 ? "truncated" : "altered");
    }
  });

  it("shows nothing of the program, and is the same for equal states", () => {
    const bytes = state.snapshot().dump({ key, level: 0, elapsed: false });
    const text = Buffer.from(bytes).toString("latin1");
    expect(text).not.toContain("fermata");
    expect(Buffer.from(state.snapshot().dump({ level: 0 })).toString("latin1")).toContain("fermata");
    expect(Buffer.from(state.snapshot().dump({ key, level: 0, elapsed: false })).equals(Buffer.from(bytes))).toBe(true);
    expect(
      Buffer.from(state.snapshot().dump({ key: other, level: 0, elapsed: false })).equals(Buffer.from(bytes)),
    ).toBe(false);
  });

  it("reveals nothing about its content to somebody who guesses it", () => {
    const sealed = state.snapshot().dump({ key, elapsed: false });
    const plain = state.snapshot().dump({ elapsed: false });
    // Neither a digest of the content nor a part of one, anywhere in what is plain of the seal.
    const digest = createHash("sha256").update(plain).digest();
    const head = Buffer.from(sealed.subarray(0, 64)).toString("hex");
    for (let at = 0; at + 8 <= digest.length; at++) expect(head).not.toContain(digest.toString("hex", at, at + 8));
    // With another key all of it but what says that it is a seal is another.
    const elsewhere = state.snapshot().dump({ key: other, elapsed: false });
    expect(Buffer.from(elsewhere.subarray(36, 48)).equals(Buffer.from(sealed.subarray(36, 48)))).toBe(false);
  });

  it("is for its context, whatever that is made of", () => {
    const contexts: (SnapshotContext | undefined)[] = [
      "tenant 1",
      "tenant 2",
      '"tenant 1"',
      "",
      new TextEncoder().encode("tenant 1"),
      new Uint8Array(0),
      { tenant: "1", run: 7 },
      { tenant: "1", run: "7" },
      { tenant: "1", run: 8 },
      { tenant: "1" },
      {},
      undefined,
    ];
    const sealed = contexts.map((context) => state.snapshot().dump({ key, context }));
    expect(new Set(sealed.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(contexts.length);
    for (const [i, bytes] of sealed.entries()) {
      for (const [j, context] of contexts.entries())
        expect(reasonOf(() => runtime.load(bytes, { keys: [other, key], context }))).toBe(
          i === j ? "accepted" : "context",
        );
    }
    const ordered = { run: 7, tenant: "1" };
    expect(reasonOf(() => runtime.load(sealed[6]!, { keys: key, context: ordered }))).toBe("accepted");
  });

  it("opens until it expires", () => {
    const at = (expires: number | Date): string =>
      reasonOf(() => runtime.load(state.snapshot().dump({ key, expires }), { keys: key }));
    expect([at(Date.now() + 60_000), at(new Date(Date.now() + 60_000))]).toEqual(["accepted", "accepted"]);
    expect([at(Date.now() - 1), at(new Date(5)), at(1)]).toEqual(["expired", "expired", "expired"]);
    for (const bad of [0, -1, NaN, Infinity, 9e15, new Date(NaN)])
      expect(() => state.snapshot().dump({ key, expires: bad }), String(bad)).toThrow(RangeError);
  });

  it("cannot be given another expiry, context or key id", () => {
    const bytes = state.snapshot().dump({ key, expires: 1 });
    const fresh = state.snapshot().dump({ key, context: "a", expires: Date.now() + 60_000 });
    const moved = (from: number, to: number): string => {
      const forged = bytes.slice();
      forged.set(fresh.subarray(from, to), from);
      return reasonOf(() => runtime.load(forged, { keys: key }));
    };
    expect([moved(28, 36), moved(12, 28), moved(36, 48)]).toEqual(["altered", "context", "context"]);
    const zero = bytes.slice();
    zero.fill(0, 28, 36);
    expect(reasonOf(() => runtime.load(zero, { keys: key }))).toBe("altered");
  });

  it("of version 1 can still be opened, for no context", () => {
    const plain = state.snapshot().dump();
    const nonce = new Uint8Array(12).fill(3);
    const head = Uint8Array.of(0x46, 0x4d, 0x58, 1);
    const old = Uint8Array.from([...head, ...nonce, ...gcmsiv(key, nonce, head).encrypt(plain)]);
    expect(reasonOf(() => runtime.load(old, { keys: [other, key] }))).toBe("accepted");
    expect(reasonOf(() => runtime.load(old, { keys: key, context: "a" }))).toBe("context");
    expect(reasonOf(() => runtime.load(old, { keys: other }))).toBe("key");
    old[20]! ^= 1;
    expect(reasonOf(() => runtime.load(old, { keys: key }))).toBe("key");
  });

  it("lets no guess be checked without the key", () => {
    // Everything in the head that could be worked out from the plain bytes, for one who knows how seals are made.
    const plain = state.snapshot().dump({ elapsed: false });
    const sealed = state.snapshot().dump({ key, elapsed: false });
    const head = Buffer.from(sealed.subarray(0, 48)).toString("hex");
    for (const algorithm of ["sha256", "sha1", "md5", "sha512"]) {
      const digest = createHash(algorithm).update(plain).digest("hex");
      for (let at = 0; at + 8 <= digest.length; at += 2) expect(head).not.toContain(digest.slice(at, at + 8));
    }
    const others = [1, 2].map((n) => state.snapshot().dump({ key: key.map((byte) => byte ^ n), elapsed: false }));
    for (const bytes of others) {
      for (let at = 4; at < 48; at += 4)
        if (at < 28 || at >= 36) expect(bytes.subarray(at, at + 4)).not.toEqual(sealed.subarray(at, at + 4));
    }
  });

  it("needs a key for its context and expiry, and contexts that are ones", () => {
    expect(() => state.snapshot().dump({ context: "a" })).toThrow(TypeError);
    expect(() => state.snapshot().dump({ expires: 5 })).toThrow(TypeError);
    class Tenant {
      readonly #name = "a";
      get name(): string {
        return this.#name;
      }
    }
    // Of the last four no property says what they are: they would all be one context.
    const bads = [5, null, [1], { a: undefined }, { a: NaN }, { a: {} }, true];
    for (const bad of [...bads, new Map([["a", 1]]), new Set("a"), new Date(5), new Tenant()])
      expect(() => state.snapshot().dump({ key, context: bad as never }), JSON.stringify(bad)).toThrow(TypeError);
    expect(state.snapshot().dump({ key, context: Object.assign(Object.create(null), { a: 1 }) })).toEqual(
      state.snapshot().dump({ key, context: { a: 1 } }),
    );
  });

  it("derives its keys as HMAC does", () => {
    for (const length of [0, 1, 32, 55, 56, 64, 200]) {
      const text = new Uint8Array(length).fill(length);
      const expected = createHmac("sha256", key).update(text).digest("hex");
      expect(Buffer.from(hmac(key, text.subarray(0, 9), text.subarray(9))).toString("hex")).toBe(expected);
    }
  });

  it("takes keys of 32 bytes only", () => {
    for (const bad of [new Uint8Array(16), "secret", null, [1, 2]]) {
      expect(() => state.snapshot().dump({ key: bad as Uint8Array })).toThrow(TypeError);
      expect(() => runtime.load(state.snapshot().dump(), { keys: bad as Uint8Array })).toThrow(TypeError);
    }
  });
});
