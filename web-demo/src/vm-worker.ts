// The module worker in which programs run. It only carries messages between the page and the player.

import { createRuntime } from "fermata-vm";
import { Player, viewOf } from "./player.ts";
import type { ErrorView, FromWorker, Stripped, ToWorker } from "./protocol.ts";

/** The part of a worker's global scope that is used; the project's types are those of a page. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}
const scope = globalThis as unknown as WorkerScope;

function send(message: FromWorker): void {
  const bytes = message.is === "view" ? message.view.capture?.bytes : undefined;
  scope.postMessage(message, bytes === undefined ? [] : [bytes.buffer]);
}

async function open(): Promise<Player> {
  const began = performance.now();
  const runtime = await createRuntime();
  send({ is: "ready", milliseconds: performance.now() - began });
  return new Player(runtime, (view) => send({ is: "view", view }));
}

/** JavaScript made of TypeScript, or what is wrong with it. */
async function strip(
  player: Player,
  source: string,
  filename: string,
): Promise<Stripped | { readonly fault: ErrorView }> {
  const fault = player.check(source, filename, "module");
  if (fault !== undefined) return { fault };
  // The package compiles what runs in the machine; this runs in the page.
  const { stripTypes } = await import("../../ts/compiler/typescript/strip.ts");
  const { code, map } = stripTypes(source, { filename });
  return { source, code, insertions: map?.records ?? [] };
}

/** What the reply to a message carries, if anything. */
function obey(player: Player, message: ToWorker): unknown {
  switch (message.do) {
    case "run":
      return player.run(message.source, message.filename, message.step);
    case "hold":
      return player.hold();
    case "resume":
      return player.resume();
    case "step":
      return player.step();
    case "back":
      return player.stepBack();
    case "goTo":
      return player.goTo(message.position);
    case "check":
      return send({ is: "checked", fault: player.check(message.source, message.filename) });
    case "args":
      return player.argsOf(message.call);
    case "strip":
      return strip(player, message.source, message.filename);
    case "answer":
      return player.answer(message.call, message.answer);
    case "reset":
      return player.reset();
    case "restore":
      return player.restore(message.bytes);
  }
}

const opening = open();
opening.catch((error: unknown) => send({ is: "broken", error: viewOf(error) }));

// At once, not after the wasm has come: a message that finds no listener is lost.
scope.onmessage = async ({ data }) => {
  const { number } = data;
  try {
    const value = await obey(await opening, data);
    send({ is: "reply", number, value });
  } catch (error) {
    send({ is: "refusal", number, error: viewOf(error) });
  }
};
