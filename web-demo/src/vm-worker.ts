// The module worker in which programs run. It only carries messages between the page and the player.

import { createRuntime } from "fermata-vm";
import { Player, viewOf } from "./player.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

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

function obey(player: Player, message: ToWorker): void {
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
    obey(await opening, data);
    send({ is: "reply", number });
  } catch (error) {
    send({ is: "refusal", number, error: viewOf(error) });
  }
};
