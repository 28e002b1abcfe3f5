// Legs in a Cloudflare Worker: as the body of a POST.

import * as fermata from "fermata-vm";
import { takeLegs } from "./leg.js";

export default {
  async fetch(request) {
    return Response.json(await takeLegs(fermata, await request.json()));
  },
};
