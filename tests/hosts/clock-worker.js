// An endless program in a Cloudflare Worker whose clock stands still while it computes: the limit of time in the body of a POST, what
// became of the program in the answer.

import * as fermata from "fermata-vm";

/** Workers see no time pass while they compute; where workerd runs on its own it may let them, so the clock is held. */
const still = performance.now();
performance.now = () => still;
Date.now = () => still;

export default {
  async fetch(request) {
    const { timeMs } = await request.json();
    const runtime = await fermata.createRuntime();
    const before = [performance.now(), Date.now()];
    const program = runtime.compile("for (;;);", { filename: "endless.js" });
    let ended;
    try {
      ended = { status: program.start({ limits: { timeMs } }).status };
    } catch (error) {
      ended = { limit: error.limit, allowed: error.allowed, fuel: error.run?.usage.fuel };
    }
    return Response.json({ ...ended, stood: performance.now() === before[0] && Date.now() === before[1] });
  },
};
