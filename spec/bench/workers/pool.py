"""Times multiprocessing.Pool on demand: a request per line in, its figures out, both as JSON.

{"keep": name, "values": [...]}           keeps elements for later requests
{"map": function, "of": name}             one Pool.map; gives {"ms": ...}
{"trips": count}                          one Pool.apply after the other; gives the median, {"ms": ...}
"""

import json
import statistics
import sys
import time
from multiprocessing import Pool


def trivial(x):
    return x + 1


def spin(microseconds):
    end = time.perf_counter() + microseconds / 1e6
    while time.perf_counter() < end:
        pass
    return microseconds


def timed(call):
    start = time.perf_counter()
    result = call()
    return (time.perf_counter() - start) * 1000, result


def serve(pool):
    functions = {"trivial": trivial, "spin": spin}
    kept = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "keep" in request:
            kept[request["keep"]] = request["values"]
            answer = {}
        elif "map" in request:
            function, values = functions[request["map"]], kept[request["of"]]
            ms, results = timed(lambda: pool.map(function, values))
            if len(results) != len(values):
                raise RuntimeError("results are missing")
            answer = {"ms": ms}
        else:
            trips = [timed(lambda: pool.apply(trivial, (i,)))[0] for i in range(request["trips"])]
            answer = {"ms": statistics.median(trips)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    with Pool(int(sys.argv[1])) as workers:
        serve(workers)
