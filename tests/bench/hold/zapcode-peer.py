# One peer of the benchmark of holding: Zapcode, native, through its Python wheel. Reads the name of a stage and a count from each
# line, and answers with a line of JSON: the microseconds of each turn, and bytes where there are any. Must never time its own set-up.
import json
import sys
import time

import zapcode

CALL = 'const r = await hostCall("a", 1); r + 1'


def start_call():
    return zapcode.Zapcode(CALL, external_functions=["hostCall"]).start()["snapshot"].dump()


def sequential():
    return zapcode.Zapcode("1 + 2").run()["output"]


held = start_call()
STAGES = {
    "one line": sequential,
    "one call, out": start_call,
    "one call, back": lambda: zapcode.ZapcodeSnapshot.load(held).resume(4)["output"],
}
assert sequential() == 3 and STAGES["one call, back"]() == 5

for line in sys.stdin:
    stage, count = json.loads(line)
    work = STAGES[stage]
    times = []
    for _ in range(count):
        before = time.perf_counter_ns()
        work()
        times.append((time.perf_counter_ns() - before) / 1000)
    print(json.dumps({"times": times, "bytes": len(held)}), flush=True)
