// Owns the library `fermata-vm/node`: the globals Buffer, process and global, and what its modules share. The modules are views of what
// is made here, so that `node:buffer` and the global Buffer are one.

import { Buffer, constants, kMaxLength, SlowBuffer } from "./make-buffer.js";
import { process } from "./make-process.js";

$host.node = { Buffer, constants, kMaxLength, SlowBuffer, process };

const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });

Object.defineProperties(globalThis, { Buffer: hidden(Buffer), process: hidden(process), global: hidden(globalThis) });
