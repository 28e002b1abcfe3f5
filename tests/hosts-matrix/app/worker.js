// The Worker of page-worker.js.

import * as fermata from "fermata-vm";
import { takeTurn } from "./approval.js";

globalThis.onmessage = async ({ data }) => {
  try {
    postMessage({ report: await takeTurn(fermata, data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
