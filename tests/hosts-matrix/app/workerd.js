// A turn in a Cloudflare Worker: the request is the body of a POST.

import * as fermata from "fermata-vm";
import { takeTurn } from "./approval.js";

export default {
  async fetch(request) {
    return Response.json(await takeTurn(fermata, await request.json()));
  },
};
