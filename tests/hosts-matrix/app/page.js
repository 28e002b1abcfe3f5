// A turn in a page's main thread.

import * as fermata from "fermata-vm";
import { takeTurn } from "./approval.js";

globalThis.takeTurn = (request) => takeTurn(fermata, request);
