// Owns the library `fermata-vm/web-messaging`: MessageChannel, MessagePort and MessageEvent within one program. A message is a copy by
// structuredClone; a task of its own, a timer of zero, delivers it.
// https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels

import { define, dictionary, handlerAttribute, isObject, need } from "../shared/idl.js";

const OWN = Symbol("made by this library");

export class MessageEvent extends Event {
  #init;

  constructor(type, init = undefined) {
    need(1, arguments.length, "Failed to construct 'MessageEvent'");
    super(type, init);
    const { data = null, origin = "", lastEventId = "", source = null, ports = [] } = dictionary(init, "MessageEvent");
    this.#init = { data, origin: `${origin}`, lastEventId: `${lastEventId}`, source, ports: Object.freeze([...ports]) };
  }

  get data() {
    return this.#init.data;
  }

  get origin() {
    return this.#init.origin;
  }

  get lastEventId() {
    return this.#init.lastEventId;
  }

  get source() {
    return this.#init.source;
  }

  get ports() {
    return this.#init.ports;
  }
}

/** What one end is now: it outlives the MessagePort object, which may be transferred. */
class End {
  /** The other end, or null. */
  other = null;
  port = null;
  queue = [];
  isStarted = false;
  isScheduled = false;

  receive(message) {
    this.queue.push(message);
    this.schedule();
  }

  schedule() {
    if (this.isScheduled || !this.isStarted || this.queue.length === 0) return;
    this.isScheduled = true;
    setTimeout(() => {
      this.isScheduled = false;
      const message = this.queue.shift();
      this.schedule();
      if (message !== undefined) this.port.dispatchEvent(new MessageEvent("message", message));
    }, 0);
  }

  close() {
    const { other } = this;
    this.other = null;
    this.isStarted = false;
    if (other === null) return;
    other.other = null;
    setTimeout(() => other.port.dispatchEvent(new Event("close")), 0);
  }
}

let move;

export class MessagePort extends EventTarget {
  /** Null when the port has been transferred. */
  #end;

  constructor(token = undefined, end = undefined) {
    if (token !== OWN) throw new TypeError("Illegal constructor");
    super();
    this.#end = end;
    end.port = this;
  }

  static {
    move = (port) => {
      const end = port.#end;
      if (end === null) throw new DOMException("Port at index 0 is already neutered.", "DataCloneError");
      port.#end = null;
      end.isStarted = false;
      return new MessagePort(OWN, end);
    };
  }

  postMessage(message, options = undefined) {
    const end = this.#end;
    need(1, arguments.length, "'postMessage' on 'MessagePort'");
    const list =
      isObject(options) && typeof options[Symbol.iterator] === "function"
        ? [...options]
        : [...(dictionary(options, "postMessage").transfer ?? [])];
    const ports = list.filter((one) => isObject(one) && one instanceof MessagePort);
    if (ports.includes(this)) throw new DOMException("Port at index 0 contains the source port.", "DataCloneError");
    const data = structuredClone(message, { transfer: list.filter((one) => !ports.includes(one)) });
    const moved = ports.map(move);
    end?.other?.receive({ data, ports: moved });
  }

  start() {
    if (this.#end === null) return;
    this.#end.isStarted = true;
    this.#end.schedule();
  }

  close() {
    this.#end?.close();
  }
}
handlerAttribute(MessagePort, "message", (port) => port.start());
handlerAttribute(MessagePort, "messageerror");
handlerAttribute(MessagePort, "close");

export class MessageChannel {
  #port1;
  #port2;

  constructor() {
    const [first, second] = [new End(), new End()];
    first.other = second;
    second.other = first;
    this.#port1 = new MessagePort(OWN, first);
    this.#port2 = new MessagePort(OWN, second);
  }

  get port1() {
    return this.#port1;
  }

  get port2() {
    return this.#port2;
  }
}

define(MessageEvent, "MessageEvent");
define(MessagePort, "MessagePort");
define(MessageChannel, "MessageChannel");
