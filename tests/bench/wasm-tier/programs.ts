// Owns programs whose values change from int32 to double and back, overflow, become -0, NaN or no number at all, and frames that come and
// go: what a tier gets wrong first. Must never be measured.

export const PROGRAMS: readonly { readonly name: string; readonly source: string }[] = [
  {
    name: "sums and products beyond int32, and back",
    source: `
      function f(n) { let a = 1, b = 2147483600, c = 0; const out = [];
        for (let i = 0; i < n; i++) { a = a * 3 - 1; if (a > 4e9) a = a % 1000; b++; if (b > 2147483700) b -= 2147483700; c = c - i * i * 70000; out[i & 15] = a + b; }
        return out.join() + a + b + c; }
      f(400) + f(250)`,
  },
  {
    name: "zeros with a sign, NaN and infinities",
    source: `
      function f(n) { let x = 0, y = -1, z = 1, s = 0; const seen = [0, 0, 0, 0];
        for (let i = 0; i < n; i++) { x = x * -1; y = -y * (i % 3); z = z / (i % 5); s = i % 7 === 0 ? 0 / 0 : s + 1 / x;
          seen[i & 3] = Object.is(x, -0) ? 1 : Object.is(y, -0) ? 2 : 3; if (z !== z) z = 1; s = s === s ? s : 0; x = i & 8 ? x : -x; y = y || 1; }
        return seen.join() + x + y + z + s; }
      f(500)`,
  },
  {
    name: "bits of all kinds of numbers",
    source: `
      function f(n) { let h = 0, u = 0, d = 0.5;
        for (let i = 0; i < n; i++) { h = (h << 5) ^ (h >>> 3) ^ ~i; u = (u + h) >>> 0; d = d * 1.7 + h; if (d > 1e25) d = -1.5; h = h | d; u ^= (d >> 3) & 255; h = (h >> 1) & u; d = -d; }
        return [h, u, d, u >>> 1].join(); }
      f(600)`,
  },
  {
    name: "elements of every kind, holes, lengths and what lies outside",
    source: `
      function f(n) { const a = [1, 2.5, true, null, "x", , 7]; const b = [];
        let s = 0;
        for (let i = 0; i < n; i++) { const v = a[i % 9]; if (v) s += typeof v === "number" ? v : 1; a[i % 7] = i & 1 ? i : i / 2; b[i] = v; if (i % 50 === 49) a[5] = undefined; s += b.length; }
        return s; }
      f(300) + Object.isFrozen(Object.freeze([1]))`,
  },
  {
    name: "frozen, sparse and typed arrays in the place of dense ones",
    source: `
      function sum(a, n) { let s = 0; for (let i = 0; i < n; i++) { s += a[i % a.length] | 0; a[i % a.length] = s & 1023; } return s; }
      const sparse = [1, 2]; sparse[5000] = 3; sparse.length = 6;
      let all = 0;
      for (let k = 0; k < 4; k++) { all += sum([1, 2, 3], 60) + sum(Object.freeze([4, 5]), 40) + sum(new Int16Array([7, 8, 9]), 40) + sum(sparse, 30) + sum([0.5, 1e10], 40); }
      all`,
  },
  {
    name: "calls that nest, with too few arguments and too many",
    source: `
      function add(a, b, c) { return a + (b === undefined ? 1 : b) + (c === undefined ? 2 : c); }
      function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
      function loop(n) { let s = 0; for (let i = 0; i < n; i++) { s += add(i) + add(i, 2) + add(1, 2, i, 4); if (i % 10 === 0) s += fib(6); } return s; }
      loop(90) + fib(9)`,
  },
  {
    name: "closures, globals and fields that are read and written",
    source: `
      let total = 0; var count = 0;
      const point = { x: 0, y: 0.5 };
      function counter() { let n = 0; return (k) => { n = n + k; return n; }; }
      function f(n) { const next = counter(); for (let i = 0; i < n; i++) { total = total + next(i & 3); count++; point.x = point.x + 1; point.y = point.y * 1.01 + point.x; if (i === 70) point.z = 1; } return total; }
      f(150) + count + point.x + point.y`,
  },
  {
    name: "exceptions out of compiled loops",
    source: `
      function f(n) { let s = 0, caught = 0;
        for (let i = 0; i < n; i++) { try { const o = i % 6 === 5 ? null : [i]; s += o[0]; for (let k = 0; k < 4; k++) { s += k; if (i % 11 === 10 && k === 2) throw i; } } catch (e) { caught += typeof e === "number" ? e : 1000; } }
        return s + caught; }
      f(160)`,
  },
  {
    name: "loops in loops with breaks, labels and no end of jumps",
    source: `
      function f(n) { let s = 0;
        outer: for (let i = 0; i < n; i++) { let k = 0;
          while (true) { k++; if (k === 3) continue; if (k > 6) break; for (let m = 0; m < 3; m++) { if (m === i % 3) continue outer; s += m; } do { s++; } while (s % 4 !== 0); if (s % 13 === 0) break outer; }
          switch (i % 4) { case 0: s += 1; case 1: s += 2; break; default: s -= 1; } }
        return s; }
      let all = 0; for (let r = 1; r < 25; r++) all += f(r * 7); all`,
  },
  {
    name: "strings and objects where numbers were",
    source: `
      function plus(a, b) { return a + b; }
      function less(a, b) { return a < b ? 1 : 0; }
      function f(n) { let s = 0, t = ""; const o = { valueOf() { return 3; } };
        for (let i = 0; i < n; i++) { const v = i % 20 === 19 ? "q" : i % 31 === 30 ? o : i; const w = plus(v, 1); if (typeof w === "string") t += w; else s += w; s += less(v, 7) + less("a", i) - 1; }
        return s + t; }
      f(150)`,
  },
  {
    name: "functions that make functions, and jobs that cost more than their slice",
    source: `
      function make(k) { const add = (x) => x + k; return [add, (x) => add(x) * 2]; }
      function g(n) { let s = 0; for (let i = 0; i < n; i++) { const [a, b] = make(i); for (let k = 0; k < 9; k++) s += a(k) - b(k); } return s; }
      async function f(n) { let s = 0; for (let i = 0; i < n; i++) { const [a, b] = make(i); s += a(1) + b(2); if (i % 25 === 24) await "x".repeat(i * 40); } return s; }
      g(60) + await f(60) + (await Promise.all([f(30), f(40)])).join()`,
  },
];
