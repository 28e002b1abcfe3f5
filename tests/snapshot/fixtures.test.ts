// Snapshots that released builds have left (fixtures/) load in this build and run to the end that they had in theirs.

import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { Session, Snapshot } from "../../ts/index.ts";
import { finish, finishSession, type Given } from "./fixtures/finish.ts";
import type { Fixture, FixturePlace } from "./fixtures/make.ts";
import { FIXTURE_PROGRAMS } from "./fixtures/programs.ts";
import { testRuntime } from "./support.ts";

const HERE = new URL("fixtures/", import.meta.url);
const builds = readdirSync(HERE, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** The builds in the order in which they were: each knew the programs of those before it. */
const ORDER = ["d334fa9", "c9ffcc5", "d3504be"];

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

/** Finishes what was held there. again: after it was written once more, by this build. */
function goOn(fixture: Fixture, { bytes, chunksLeft }: FixturePlace, again: boolean): Given {
  const fuel = 20;
  const snapshot = runtime.load(Buffer.from(bytes, "base64"));
  if (chunksLeft === undefined) {
    const state = snapshot.restore();
    if (state.status === "complete") throw new Error("the fixture was made of a program that had ended");
    return finish(again ? runtime.load(state.snapshot().dump()).restore() : state, fuel);
  }
  const { externals, chunks, redeclare } = FIXTURE_PROGRAMS.find(({ name }) => name === fixture.name)!;
  const open = (from: Snapshot): Session => runtime.session({ from, externals, redeclare, language: "javascript" });
  const session = open(snapshot);
  const left = chunksLeft === 0 ? [] : chunks!.slice(-chunksLeft);
  return finishSession(again ? open(runtime.load(session.snapshot().dump())) : session, left, fuel);
}

describe.each(builds)("snapshots of $name", ({ name: build }) => {
  const files = readdirSync(new URL(`${build}/`, HERE));
  const fixtures = files.map((file) => JSON.parse(readFileSync(new URL(`${build}/${file}`, HERE), "utf8")) as Fixture);

  it("has every program", () => {
    const isThere = ({ since = ORDER[0]! }: (typeof FIXTURE_PROGRAMS)[number]): boolean =>
      ORDER.indexOf(build) >= ORDER.indexOf(since);
    expect(fixtures.map(({ name }) => name).sort()).toEqual(
      FIXTURE_PROGRAMS.filter(isThere)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it.each(fixtures)("$name ends as it did", (fixture) => {
    const { output, stdout, stderr, places } = fixture;
    expect(places.length).toBeGreaterThan(2);
    for (const place of places) {
      for (const again of [false, true]) {
        expect({ at: place.fuel, again, ...goOn(fixture, place, again) }).toEqual({
          at: place.fuel,
          again,
          output,
          stdout,
          stderr,
        });
      }
    }
  });
});
