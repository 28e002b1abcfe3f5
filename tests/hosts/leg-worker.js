// A leg in a Cloudflare Worker: the request as the body of a POST.

import * as fermata from "fermata-vm";
import { takeLeg } from "./leg.js";

export default {
  async fetch(request) {
    return Response.json(await takeLeg(fermata, await request.json()));
  },
};
