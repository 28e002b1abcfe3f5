// Owns the libraries of a runtime: which of them a program needs, and how they come into its realm. Libraries that are there from the
// start are evaluated once for each set of them, and then copied. Must never let one in that a program neither names nor requires.

import { NamesUsed } from "../compiler/names-used.ts";
import { SnapshotError } from "../errors.ts";
import { beginRun, defineWrapped, wrappedIn } from "../machine/launch.ts";
import { evaluateLibrary, librariesIn, type Library, programsOfLibrary } from "../machine/library.ts";
import type { Machine } from "../machine/machine.ts";
import type { MachinePool } from "../machine/pool.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { fuelUsed, runOf, setFuelUsed } from "../machine/run.ts";
import type { TimeZones } from "../machine/zone-rules.ts";
import { park, type Parked, unpark } from "../snapshot/checkpoint.ts";

/** A library, or a list of some that belong together. */
type OneOrSome = Library | readonly Library[];

/** A library of a runtime, or some that belong together. `always`: every program has it, also one that does not name it. */
export type LibraryOption = OneOrSome | { readonly library: OneOrSome; readonly always?: boolean | undefined };

/** True for a source of time zones among libraries: programs that use dates use both alike, so hosts may give both in one list. */
function isZones(option: LibraryOption | TimeZones): option is TimeZones {
  return "find" in option && "list" in option && typeof option.find === "function";
}

/**
 * Tells the libraries of a list from the time zones in it, which are as good as the `zones` of the runtime.
 *
 * @throws TypeError if there are two sources of time zones
 */
export function withoutZones(
  list: readonly (LibraryOption | TimeZones)[],
  given: TimeZones | undefined,
): { readonly libraries: readonly LibraryOption[]; readonly zones: TimeZones | undefined } {
  const [zones = given, second = given] = new Set(list.filter(isZones));
  if (second !== undefined && second !== zones)
    throw new TypeError("createRuntime: there are two sources of time zones: give one, in 'zones' or in 'libraries'");
  return { libraries: list.filter((option) => !isZones(option)) as readonly LibraryOption[], zones };
}

/** Lists the libraries of an option. */
export function librariesOf(option: LibraryOption): { readonly library: Library; readonly always: boolean }[] {
  const { library, always = false } = "library" in option ? option : { library: option };
  const list = "name" in library ? [library] : library;
  return list.map((one) => ({ library: one, always }));
}

/** Finds a library that a snapshot names and the runtime does not have, usually an older version. */
export type LibraryResolver = (
  hash: string,
  library: { readonly name: string; readonly version: string },
) => Library | undefined;

/** Most sets of libraries that are kept evaluated. */
const MAX_TEMPLATES = 16;

/** Limits while libraries are evaluated for all programs: no library of reasonable size reaches them. */
const EVALUATION = { limits: { memoryBytes: 256 * 1024 * 1024 }, seed: 0, now: 0 } as const;

const namesUsed = new WeakMap<ProgramRecord, NamesUsed>();

function namesOf(record: ProgramRecord): NamesUsed {
  let names = namesUsed.get(record);
  if (names === undefined) namesUsed.set(record, (names = new NamesUsed(record.image)));
  return names;
}

function isNamed({ globals, modules, triggers }: Library, names: NamesUsed): boolean {
  return (
    globals.some((name) => names.usesGlobal(name)) ||
    modules.some((name) => names.mentions(name)) ||
    triggers.some((name) => names.mentions(name))
  );
}

/** The libraries of a runtime. */
export class Libraries {
  readonly #pool: MachinePool;
  /** In an order in which they can be evaluated. */
  readonly #all: readonly Library[];
  readonly #always: ReadonlySet<Library>;
  readonly #byName: ReadonlyMap<string, Library>;
  readonly #templates = new Map<string, Parked>();

  constructor(pool: MachinePool, options: readonly LibraryOption[]) {
    this.#pool = pool;
    const given = options.flatMap(librariesOf);
    this.#always = new Set(given.flatMap(({ library, always }) => (always ? [library] : [])));
    const byName = new Map<string, Library>();
    for (const { library } of given) {
      const known = byName.get(library.name);
      if (known !== undefined && known !== library)
        throw new TypeError(
          `library ${library.name} is given twice, as version ${known.version} and ${library.version}`,
        );
      byName.set(library.name, library);
    }
    this.#byName = byName;
    this.#all = this.#inOrder();
  }

  /** Lists the libraries so that each comes after those that it requires. */
  #inOrder(): Library[] {
    const ordered = new Set<Library>();
    const add = (library: Library, around: readonly string[]): void => {
      if (around.includes(library.name))
        throw new TypeError(`libraries require each other: ${[...around, library.name].join(" → ")}`);
      for (const name of library.requires) {
        const required = this.#byName.get(name);
        if (required === undefined)
          throw new TypeError(`library ${library.name} requires ${name}: give that to createRuntime as well`);
        add(required, [...around, library.name]);
      }
      ordered.add(library);
    };
    for (const library of this.#byName.values()) add(library, []);
    return [...ordered];
  }

  /** Lists the libraries that programs need and `present` has not, in order. `mayEval`: code from strings may name anything. */
  #neededBy(records: readonly ProgramRecord[], mayEval: boolean, present?: ReadonlyMap<string, unknown>): Library[] {
    if (this.#all.length === 0) return [];
    const needed = new Set<string>();
    const add = (library: Library): void => {
      needed.add(library.name);
      for (const name of library.requires) add(this.#byName.get(name)!);
    };
    for (const library of this.#all) {
      if (mayEval || this.#always.has(library) || records.some((record) => isNamed(library, namesOf(record))))
        add(library);
    }
    return this.#all.filter(({ name }) => needed.has(name) && present?.has(name) !== true);
  }

  /** Returns what brings the libraries that programs need into a fresh machine; undefined: they need no library. */
  fillFor(records: readonly ProgramRecord[], mayEval: boolean): ((machine: Machine) => void) | undefined {
    const needed = this.#neededBy(records, mayEval);
    return needed.length === 0 ? undefined : (machine) => unpark(machine, this.#templateOf(needed));
  }

  #templateOf(needed: readonly Library[]): Parked {
    const key = needed.map(({ hash }) => hash).join(" ");
    let template = this.#templates.get(key);
    if (template === undefined) {
      template = this.#evaluated(needed);
      if (this.#templates.size >= MAX_TEMPLATES) this.#templates.delete(this.#templates.keys().next().value!);
      this.#templates.set(key, template);
    }
    return template;
  }

  /** Evaluates libraries in a machine of their own, and returns its state. */
  #evaluated(needed: readonly Library[]): Parked {
    const { core } = this.#pool;
    const machine = this.#pool.acquire();
    try {
      beginRun(core, machine, EVALUATION, false);
      for (const library of needed) evaluateLibrary(machine, library);
      return park(core, machine);
    } finally {
      this.#pool.release(machine);
    }
  }

  /** True if a program that is about to be linked needs a library that the machine does not have. */
  isIncomplete(machine: Machine, record: ProgramRecord): boolean {
    return this.#neededBy([record], false, librariesIn(machine)).length > 0;
  }

  /**
   * Evaluates the libraries that a program needs and the machine does not have, while no guest code is on its stack. The run pays
   * for it, unless nothing of a program has happened in the realm. If one fails, the realm is as it was before.
   *
   * @throws GuestError if the realm has been changed so that one cannot be evaluated, LimitError
   */
  enter(machine: Machine, record: ProgramRecord): void {
    const needed = this.#neededBy([record], false, librariesIn(machine));
    if (needed.length === 0) return;
    machine.written = undefined;
    const isFresh = machine.programs.every(({ library }) => library !== undefined);
    const before = park(this.#pool.core, machine);
    try {
      for (const library of needed) evaluateLibrary(machine, library, isFresh ? undefined : runOf(machine));
    } catch (error) {
      if (!machine.broken) this.#takeBack(machine, before);
      throw error;
    }
    const wrapped = wrappedIn(machine);
    if (wrapped.size > 0) for (const program of machine.programs) defineWrapped(machine, program, wrapped);
  }

  /** Undoes what has happened in a realm. What it took in fuel and time remains counted. */
  #takeBack(machine: Machine, before: Parked): void {
    const { log } = machine;
    const { elapsedMs, stillFuel, fuelLeft } = runOf(machine);
    const used = fuelUsed(machine);
    this.#pool.core.reset(machine);
    unpark(machine, before);
    machine.log = log;
    Object.assign(runOf(machine), { elapsedMs, stillFuel, fuelLeft });
    setFuelUsed(machine, used);
  }

  /** Returns the programs of the library that a snapshot names. */
  find(hash: string, name: string, version: string, resolve: LibraryResolver | undefined): readonly ProgramRecord[] {
    const own = this.#byName.get(name);
    const library = own?.hash === hash ? own : resolve?.(hash, { name, version });
    if (library !== undefined && library.hash === hash) return programsOfLibrary(library);
    const others = own === undefined ? "the runtime has no such library" : `the runtime has version ${own.version}`;
    throw new SnapshotError(
      "missing-library",
      `the snapshot needs library ${name} ${version} (hash ${hash}), and ${others}: give it to createRuntime, or to load as 'libraries'`,
    );
  }

  /** True if the runtime has that library. */
  has(hash: string): boolean {
    return this.#all.some((library) => library.hash === hash);
  }
}
