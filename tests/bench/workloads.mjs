// Owns what the benchmark runs: one program per workload, the same text for every engine. Each evaluates to a checksum that all
// engines must agree on. Must never use what only one of them has.

/** `size` is put in for N; `host: true` asks for the synchronous host function add(a, b). */
export const WORKLOADS = {
  // Calls: recursion through a closure variable.
  fib: {
    size: 27,
    source: `(() => { const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); return fib(N); })()`,
  },
  // Calls through a global binding.
  fibglobal: {
    size: 27,
    source: `function fibonacci(n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); } fibonacci(N)`,
  },
  // Integer arithmetic, shifts and branches.
  intloop: {
    size: 3_000_000,
    source: `(function (n) {
      let x = 1, y = 0;
      for (let i = 0; i < n; i++) {
        x = (x + i * 5) & 0xfffff;
        y = (y ^ (x >>> 2)) | 0;
        if ((i & 15) === 3) x = x - y;
      }
      return x + y;
    })(N)`,
  },
  // Floating point and property access: planets pulling on each other.
  nbody: {
    size: 50_000,
    source: `(function (steps) {
      const bodies = [];
      const add = (x, y, z, vx, vy, vz, mass) => bodies.push({ x, y, z, vx, vy, vz, mass });
      const DAYS = 365.24, SUN = 39.47841760435743;
      add(0, 0, 0, 0, 0, 0, SUN);
      add(4.84, -1.16, -0.103, 0.00166 * DAYS, 0.00769 * DAYS, -0.000069 * DAYS, 0.000954 * SUN);
      add(8.34, 4.12, -0.403, -0.00276 * DAYS, 0.00499 * DAYS, 0.000023 * DAYS, 0.000285 * SUN);
      add(12.89, -15.11, -0.223, 0.00296 * DAYS, 0.00237 * DAYS, -0.0000296 * DAYS, 0.0000436 * SUN);
      add(15.37, -25.91, 0.179, 0.00268 * DAYS, 0.00162 * DAYS, -0.0000951 * DAYS, 0.0000515 * SUN);
      for (let s = 0; s < steps; s++) {
        for (let i = 0; i < bodies.length; i++) {
          const a = bodies[i];
          for (let j = i + 1; j < bodies.length; j++) {
            const b = bodies[j];
            const dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
            const square = dx * dx + dy * dy + dz * dz;
            const pull = 0.01 / (square * Math.sqrt(square));
            a.vx -= dx * b.mass * pull; a.vy -= dy * b.mass * pull; a.vz -= dz * b.mass * pull;
            b.vx += dx * a.mass * pull; b.vy += dy * a.mass * pull; b.vz += dz * a.mass * pull;
          }
        }
        for (const b of bodies) { b.x += 0.01 * b.vx; b.y += 0.01 * b.vy; b.z += 0.01 * b.vz; }
      }
      return Math.round(bodies[0].x * 1e6) + Math.round(bodies[4].y * 1e6);
    })(N)`,
  },
  // Classes: inherited methods, super calls, getters, nested objects.
  props: {
    size: 500_000,
    source: `class Counter { constructor(start) { this.count = start; this.steps = 0; } add(n) { this.count += n; this.steps++; return this; } get mean() { return this.count / this.steps; } }
    class Loud extends Counter { constructor(start) { super(start); this.noise = 3; } add(n) { super.add(n + 1); this.noise ^= n; return this; } }
    (function (n) {
      const config = { limit: { max: 7 }, seen: 0 };
      const loud = new Loud(5);
      let total = 0;
      for (let i = 0; i < n; i++) {
        loud.add(i & config.limit.max);
        config.seen += loud.noise;
        total += loud.mean > 3 ? 1 : 2;
      }
      return total + config.seen + loud.count;
    })(N)`,
  },
  // A comparator called from inside sort.
  sort: {
    size: 100_000,
    source: `(function (n) {
      const list = [];
      let seed = 7;
      for (let i = 0; i < n; i++) { seed = (seed * 16807) % 2147483647; list.push(seed); }
      list.sort((a, b) => a - b);
      let check = 0;
      for (let i = 0; i < n; i += 101) check = (check * 33 + list[i]) % 1000033;
      return check;
    })(N)`,
  },
  // Building, splitting, mapping and searching text.
  strings: {
    size: 100_000,
    source: `(function (n) {
      let text = "";
      for (let i = 0; i < n; i++) text += "item" + i + ":" + i * 3 + ",";
      const parts = text.split(",");
      const upper = parts.map((part) => part.toUpperCase()).join("/");
      let check = 0;
      for (let i = 0; i < upper.length; i += 11) check = (check * 31 + upper.charCodeAt(i)) | 0;
      return check + parts.length + upper.indexOf("ITEM777:");
    })(N)`,
  },
  // Map and Set with string and integer keys.
  mapset: {
    size: 200_000,
    source: `(function (n) {
      const words = new Map(), seen = new Set();
      for (let i = 0; i < n; i++) {
        const key = "w" + (i % 4001);
        words.set(key, (words.get(key) || 0) + i);
        words.set(i % 997, i);
        seen.add(i % 7001);
      }
      let check = 0;
      for (const [key, value] of words) check = (check + value) % 1000033;
      seen.forEach((value) => { check += value; });
      for (let i = 0; i < n; i += 2) { if (seen.has(i)) check++; if ((i & 127) === 0) words.delete("w" + (i % 4001)); }
      return check + words.size + seen.size;
    })(N)`,
  },
  // JSON both ways, about a megabyte each time.
  json: {
    size: 5,
    source: `(function (rounds) {
      let list = [];
      for (let i = 0; i < 6000; i++) list.push({ id: i, title: "entry " + i, mail: "m" + i + "@example.org", labels: ["x", "y", "z" + (i % 9)], weight: i * 2.5, open: i % 3 === 0, inner: { at: i, none: null, text: 'with "quotes" and \\u00fc' } });
      let check = 0;
      for (let k = 0; k < rounds; k++) { const text = JSON.stringify(list); list = JSON.parse(text); check += text.length + list[5999].inner.at; }
      return check;
    })(N)`,
  },
  // Higher-order functions over arrays.
  closures: {
    size: 30,
    source: `(function (rounds) {
      const base = Array.from({ length: 10000 }, (_, i) => i);
      const scale = (k) => (x) => x * k + 2;
      let check = 0;
      for (let r = 0; r < rounds; r++) {
        check += base.map(scale(r)).filter((x) => x % 5 !== 0).map((x) => ({ x })).filter((o) => o.x % 2 === 0).reduce((sum, o) => (sum + o.x) % 1000033, 0);
      }
      return check;
    })(N)`,
  },
  // Calls from the guest to a synchronous host function.
  hostcall: {
    size: 100_000,
    host: true,
    source: `(function (n) { let sum = 0; for (let i = 0; i < n; i++) sum = add(sum, i) % 1000033; return sum; })(N)`,
  },
};

/** The program text of a workload. */
export function sourceOf(name) {
  const { source, size } = WORKLOADS[name];
  return source.replaceAll(/\bN\b/g, String(size));
}
