// Owns runs in Durable Objects: a base class with store, alarm, HTTP and RPC surface for any number of runs in one object, and the
// Worker in front of it. Must never leave a run that goes on by itself without an alarm: one is set with each commit, in `finally` of
// each alarm, and when the object starts, for Cloudflare gives an alarm up after six failures.

import { DurableObject } from "cloudflare:workers";
import type { Program } from "../api/program.ts";
import type { Runtime } from "../api/runtime.ts";
import {
  type AnswerResult,
  createRunner,
  type Decision,
  type DecisionNote,
  type ListOptions,
  type PendingAnswer,
  type RunEvent,
  type Runner,
  type RunnerOptions,
  type RunPage,
  type RunView,
  type StartRunOptions,
  type WakeReport,
} from "../runner/index.ts";
import { DurableObjectStore, type DurableObjectSqlStorage } from "../stores/durable-object.ts";
import { type ServedPrograms, serveRuns } from "./serve.ts";
import { createRuntime } from "./workerd.ts";

/** What the base class needs of the context that the platform gives to an object. */
export interface FermataObjectContext {
  readonly id: { toString(): string };
  readonly storage: DurableObjectSqlStorage & {
    getAlarm(): Promise<number | null>;
    setAlarm(time: number): Promise<void>;
  };
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
}

/** What an object's runs need. */
export interface FermataObjectSettings extends Omit<RunnerOptions, "runtime" | "store" | "onDue" | "owner"> {
  /** Programs that may be started, by name: by `start` and over HTTP. */
  readonly programs: ServedPrograms;
}

/** An alarm handler may take 15 minutes; it hands over to the next alarm before that. */
const HANDLER_MS = 10 * 60_000;
/** How often an alarm handler looks for more that is due while calls are being made. */
const LOOK_MS = 1000;
/** After a failed sweep, the next is so much later. */
const AFTER_FAILURE_MS = 5000;

const Base = DurableObject as unknown as new (
  context: FermataObjectContext,
  env: unknown,
) => { readonly ctx: FermataObjectContext };

let sharedRuntime: Promise<Runtime> | undefined;

/**
 * A Durable Object that keeps runs. Extend it and say what its runs need:
 *
 * ```ts
 * export class Runs extends FermataObject<Env> {
 *   settings(env: Env, runtime: Runtime) {
 *     return { programs: { order: runtime.compile(source, { externals: ["pay"] }) }, tools: { pay } };
 *   }
 * }
 * ```
 *
 * The class needs SQLite (`new_sqlite_classes`). Its methods can be called by RPC; `fetch` serves them over HTTP, to all who can
 * reach the object: the Worker in front decides who that is.
 */
export abstract class FermataObject<Env = unknown> extends Base {
  readonly #env: Env;
  readonly #ready: Promise<{ readonly runner: Runner; readonly settings: FermataObjectSettings }>;
  /** No alarm has been handled since the object started: what an earlier life of it was at is taken over at once. */
  #isFresh = true;

  constructor(context: FermataObjectContext, env: Env) {
    super(context, env);
    this.#env = env;
    // Each request is told of a failure to start, which does not keep the object from being asked again.
    this.#ready = this.#begin();
    this.#ready.catch(() => undefined);
    void context.blockConcurrencyWhile(async () => {
      await this.#ready.then(() => this.#arm()).catch(() => undefined);
    });
  }

  /** What the runs of this object need. Called once, when the object starts. */
  abstract settings(env: Env, runtime: Runtime): FermataObjectSettings | Promise<FermataObjectSettings>;

  async #begin() {
    sharedRuntime ??= createRuntime();
    const runtime = await sharedRuntime;
    const settings = await this.settings(this.#env, runtime);
    const { programs: _, ...options } = settings;
    const runner = createRunner({
      ...options,
      runtime,
      store: new DurableObjectStore(this.ctx.storage),
      // There is one such object: a lease under its name is of an earlier life of it.
      owner: `object ${this.ctx.id.toString()}`,
      onDue: (dueAt) => void this.#armFor(dueAt).catch(() => undefined),
    });
    return { runner, settings };
  }

  // --- the alarm

  /** Sets the alarm, unless it rings before that time anyway. */
  async #armFor(dueAt: number): Promise<void> {
    const { storage } = this.ctx;
    const set = await storage.getAlarm();
    const time = Math.max(dueAt, Date.now());
    if (set === null || set > time) await storage.setAlarm(time);
  }

  /** Sets the alarm for what falls due next. */
  async #arm(soonest = 0): Promise<void> {
    const { runner, settings } = await this.#ready;
    const next = await runner.nextDueAt();
    if (next === undefined) return;
    // What seems to be at work when the object starts is not: its worker has ended.
    const isOrphaned = this.#isFresh && next <= Date.now() + (settings.leaseMs ?? 60_000);
    await this.#armFor(Math.max(soonest, isOrphaned ? 0 : next));
  }

  /** Goes on with the runs that are due. The platform calls it. */
  async alarm(): Promise<void> {
    let soonest = 0;
    try {
      await this.#sweepOn();
    } catch (error) {
      // Thrown to the platform, this would use up one of the alarm's six tries.
      soonest = Date.now() + AFTER_FAILURE_MS;
      console.error("fermata: a sweep failed", error);
    } finally {
      await this.#arm(soonest);
    }
  }

  /** Sweeps until nothing is at work any more: the platform rings no second alarm while one is handled. */
  async #sweepOn(): Promise<void> {
    const end = Date.now() + HANDLER_MS;
    const sweeps = new Set<Promise<unknown>>();
    let failure: unknown;
    do {
      const sweep = this.wake()
        .catch((error: unknown) => (failure = error))
        .finally(() => sweeps.delete(sweep));
      sweeps.add(sweep);
      await Promise.race([Promise.all(sweeps), new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    } while (sweeps.size > 0 && Date.now() < end);
    if (failure !== undefined) throw failure;
  }

  /** Goes on with the runs that are due now, and with those that an earlier life of this object was at. */
  async wake(): Promise<WakeReport> {
    const { runner, settings } = await this.#ready;
    if (!this.#isFresh) return runner.wake();
    this.#isFresh = false;
    return runner.wake(Date.now() + (settings.leaseMs ?? 60_000));
  }

  // --- what can be asked by RPC

  /** The runner itself, for methods of your own. */
  protected async runner(): Promise<Runner> {
    return (await this.#ready).runner;
  }

  /**
   * Starts a run of the program of that name. It goes on by the object's alarm.
   *
   * @throws TypeError for a name that is not among the programs
   */
  async start(program: string, options?: StartRunOptions): Promise<RunView> {
    const { runner, settings } = await this.#ready;
    const found: Program | undefined = Object.hasOwn(settings.programs, program)
      ? settings.programs[program]
      : undefined;
    if (found === undefined) throw new TypeError(`there is no program ${JSON.stringify(program)}`);
    return runner.start(found, options);
  }

  /** Reads a run. */
  async get(id: string): Promise<RunView> {
    return (await this.runner()).get(id);
  }

  /** Lists runs, a page at a time. */
  async list(options?: ListOptions): Promise<RunPage> {
    return (await this.runner()).list(options);
  }

  /** The calls of a run that wait for a person. */
  async pending(id: string): Promise<PendingAnswer[]> {
    return (await this.runner()).pending(id);
  }

  /** Decides about a call that waits for a person; the run goes on by the object's alarm. */
  async answer(id: string, callId: number, decision: Decision): Promise<AnswerResult> {
    return (await this.runner()).answer(id, callId, decision);
  }

  /** What happened in a run after event number `after`. */
  async events(id: string, after = 0): Promise<RunEvent[]> {
    return (await this.runner()).events(id, { after });
  }

  /** Ends a run where it is. */
  async cancel(id: string, note?: DecisionNote): Promise<RunView> {
    return (await this.runner()).cancel(id, note);
  }

  /** Removes a run that has ended. */
  async delete(id: string): Promise<void> {
    await (await this.runner()).delete(id);
  }

  /** Serves the methods over HTTP: `/runs`, `/runs/ID`, … (see `serveRuns`). */
  async fetch(request: Request): Promise<Response> {
    const { runner, settings } = await this.#ready;
    return (
      (await serveRuns(runner, settings.programs, request)) ?? new Response("there is no such page", { status: 404 })
    );
  }
}

/** The binding of a class that extends `FermataObject`, as the platform gives it: `env.RUNS`. */
export interface FermataNamespace {
  idFromName(name: string): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- the platform's own types are not imported
  get(id: any): { fetch(request: any): Promise<any> };
}

/** What decides who may do what. */
export interface FrontOptions<Env> {
  /** The binding of the objects. */
  readonly namespace: (env: Env) => FermataNamespace;
  /**
   * Says in which object the runs of this caller are: its name, such as the id of a tenant whose credentials were checked. Returns a
   * Response to refuse, or to answer by itself.
   */
  readonly objectOf: (request: Request, env: Env) => string | Response | Promise<string | Response>;
}

/** A Worker that passes requests about runs to the objects: `export default fermataFront({ … })`. */
export function fermataFront<Env>({ namespace, objectOf }: FrontOptions<Env>) {
  return {
    async fetch(request: Request, env: Env): Promise<Response> {
      const name = await objectOf(request, env);
      if (name instanceof Response) return name;
      const objects = namespace(env);
      return objects.get(objects.idFromName(name)).fetch(request);
    },
  };
}
