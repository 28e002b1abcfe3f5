// Owns the HTTP surface of a runner: requests to answers, as JSON. Must never decide who may do what: its caller has done that.
//
//   POST /runs {program, id?, inputs?, tags?, expiresAt?}     starts a run of a program that the host has under that name
//   GET  /runs?status=&tag=&limit=&cursor=                    a page of runs
//   GET  /runs/ID · /runs/ID/pending · /runs/ID/events?after=N
//   POST /runs/ID/answers/CALL {approve|edit|respond|deny, by?, reason?}
//   POST /runs/ID/cancel {by?, reason?} · DELETE /runs/ID

import type { Program } from "../api/program.ts";
import { FermataError, RunError, type RunErrorReason } from "../errors.ts";
import type { Decision, ListOptions, Runner, RunStatus, StartRunOptions } from "../runner/index.ts";
import { plainJson } from "./plain-json.ts";

/** What may be started over HTTP, by name. */
export type ServedPrograms = Readonly<Record<string, Program>>;

/** A started run, or one that was changed, may go on now. */
export type OnChange = (runId: string) => void;

const STATUS: Partial<Record<RunErrorReason, number>> = {
  "not-found": 404,
  "unknown-call": 404,
  ended: 409,
  active: 409,
  busy: 409,
  name: 400,
};

/** What an answer shows of the values in it: a program decides how much there is. */
const ROOM = { values: 200_000, text: 16_000_000 } as const;

function answer(value: unknown, status = 200): Response {
  // Bytes, big integers and collections are shown, not kept.
  return new Response(JSON.stringify(plainJson(value, ROOM)), {
    status,
    headers: { "content-type": "application/json" },
  });
}

function refusal(status: number, error: unknown): Response {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return answer({ error: { name, message } }, status);
}

class BadRequest extends Error {
  override readonly name = "BadRequest";
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadRequest(`${part} in the path is not encoded as URLs are`);
  }
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new BadRequest("the body must be a JSON object");
}

async function start(runner: Runner, programs: ServedPrograms, request: Request): Promise<{ readonly id: string }> {
  const { program: name, id, inputs, tags, expiresAt } = await bodyOf(request);
  const program = typeof name === "string" && Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (program === undefined)
    throw new BadRequest(`program must be one of ${Object.keys(programs).join(", ")}, but is ${JSON.stringify(name)}`);
  return runner.start(program, { id, inputs, tags, expiresAt } as StartRunOptions);
}

async function ofRun(
  runner: Runner,
  request: Request,
  path: readonly string[],
  query: URLSearchParams,
  changed: OnChange,
) {
  const [id, what, call] = path as [string, string?, string?];
  const route = `${request.method} ${what ?? ""}`;
  if (route === "GET ") return answer(await runner.get(id));
  if (route === "GET pending") return answer(await runner.pending(id));
  if (route === "GET events") return answer(await runner.events(id, { after: Number(query.get("after") ?? 0) }));
  if (route === "POST answers" && call !== undefined) {
    const result = await runner.answer(id, Number(call), (await bodyOf(request)) as unknown as Decision);
    changed(id);
    return answer(result, result.accepted ? 200 : 409);
  }
  if (route === "POST cancel") return answer(await runner.cancel(id, await bodyOf(request)));
  if (route === "DELETE ") return answer((await runner.delete(id)) ?? null);
  return undefined;
}

/**
 * Answers a request about runs: the part of the path from `/runs` on counts. Undefined if the request is about something else.
 * It checks no password: do that before.
 *
 * @param changed called after a run was started or answered: drive it, or set an alarm
 */
export async function serveRuns(
  runner: Runner,
  programs: ServedPrograms,
  request: Request,
  changed: OnChange = () => undefined,
): Promise<Response | undefined> {
  const { pathname, searchParams } = new URL(request.url);
  const parts = pathname.split("/").filter((part) => part !== "");
  const at = parts.indexOf("runs");
  if (at < 0) return undefined;
  try {
    const path = parts.slice(at + 1).map(decoded);
    if (path.length > 0) return await ofRun(runner, request, path, searchParams, changed);
    if (request.method === "POST") {
      const run = await start(runner, programs, request);
      changed(run.id);
      return answer(run, 201);
    }
    if (request.method !== "GET") return undefined;
    const [status, tag, limit, cursor] = ["status", "tag", "limit", "cursor"].map(
      (name) => searchParams.get(name) ?? undefined,
    );
    const options: ListOptions = {
      status: status as RunStatus | undefined,
      tag,
      cursor,
      limit: limit === undefined ? undefined : Number(limit),
    };
    return answer(await runner.list(options));
  } catch (error) {
    if (error instanceof RunError) return refusal(STATUS[error.reason] ?? 500, error);
    if (error instanceof BadRequest || error instanceof TypeError || error instanceof RangeError)
      return refusal(400, error);
    if (error instanceof FermataError && error.code === "FERMATA_MARSHAL") return refusal(400, error);
    throw error;
  }
}
