// A turn in a page, with the entry that has the wasm inside.

import * as fermata from "fermata-vm/inline";
import { takeTurn } from "./approval.js";

globalThis.takeTurn = (request) => takeTurn(fermata, request);
