// Owns the five programs of the study, whose hot functions are numbers and arrays. Must never hold a program that the study's tier was
// made to know: they are ordinary JavaScript.

export interface Workload {
  readonly name: string;
  readonly what: string;
  /** The program; `size` says how long it runs. */
  source(size: number): string;
  /** Size for the measurements, and the smaller one for the comparison of snapshots. */
  readonly measured: number;
  readonly compared: number;
}

const sieve = (size: number): string => `
function sieve(limit) {
  const composite = new Array(limit + 1).fill(false);
  let count = 0;
  for (let i = 2; i <= limit; i++) {
    if (composite[i]) continue;
    count++;
    for (let k = i * i; k <= limit; k += i) composite[k] = true;
  }
  return count;
}
let total = 0;
for (let round = 0; round < 40; round++) total += sieve(${size});
total;`;

const mandelbrot = (size: number): string => `
function mandelbrot(size, most) {
  let inside = 0;
  for (let row = 0; row < size; row++) {
    const y0 = (2 * row) / size - 1;
    for (let column = 0; column < size; column++) {
      const x0 = (3 * column) / size - 2;
      let x = 0;
      let y = 0;
      let n = 0;
      while (n < most && x * x + y * y <= 4) {
        const next = x * x - y * y + x0;
        y = 2 * x * y + y0;
        x = next;
        n++;
      }
      inside += n;
    }
  }
  return inside;
}
mandelbrot(${size}, 100);`;

const matrix = (size: number): string => `
function product(a, b, n) {
  const c = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    const ai = a[i];
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += ai[k] * b[k][j];
      row.push(sum);
    }
    c.push(row);
  }
  return c;
}
function filled(n, f) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) row.push(f(i, j));
    rows.push(row);
  }
  return rows;
}
const n = ${size};
const a = filled(n, (i, j) => (i * 7 + j * 3) % 11 + 0.5);
const b = filled(n, (i, j) => (i * 5 + j * 2) % 13 - 6);
let trace = 0;
for (let round = 0; round < 3; round++) {
  const c = product(a, b, n);
  for (let i = 0; i < n; i++) trace += c[i][i];
}
trace;`;

const collatz = (size: number): string => `
function steps(n) {
  let count = 0;
  while (n !== 1) {
    n = n % 2 === 0 ? n / 2 : 3 * n + 1;
    count++;
  }
  return count;
}
function gcd(a, b) {
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
function search(limit) {
  let best = 0;
  let coprime = 0;
  for (let i = 1; i < limit; i++) {
    const s = steps(i);
    if (s > best) best = s;
    if (gcd(i, s + 1) === 1) coprime++;
  }
  return best * 100000 + coprime;
}
search(${size});`;

const sort = (size: number): string => `
function random(count) {
  const list = [];
  let seed = 42;
  for (let i = 0; i < count; i++) {
    seed = (seed * 16807) % 2147483647;
    list.push(seed & 0xffff);
  }
  return list;
}
function shellSort(list) {
  const n = list.length;
  let gap = 1;
  while (gap < n / 3) gap = gap * 3 + 1;
  for (; gap > 0; gap = (gap - 1) / 3) {
    for (let i = gap; i < n; i++) {
      const value = list[i];
      let k = i;
      while (k >= gap && list[k - gap] > value) {
        list[k] = list[k - gap];
        k -= gap;
      }
      list[k] = value;
    }
  }
  let hash = 0;
  for (let i = 0; i < n; i++) hash = (hash * 31 + list[i]) | 0;
  return hash;
}
let all = 0;
for (let round = 0; round < 3; round++) all = (all + shellSort(random(${size}))) | 0;
all;`;

export const WORKLOADS: readonly Workload[] = [
  {
    name: "sieve",
    what: "booleans in a dense array, nested integer loops",
    source: sieve,
    measured: 60_000,
    compared: 60,
  },
  { name: "mandelbrot", what: "doubles in registers", source: mandelbrot, measured: 400, compared: 9 },
  {
    name: "matrix",
    what: "rows of doubles and integers, read in three nested loops",
    source: matrix,
    measured: 160,
    compared: 9,
  },
  {
    name: "collatz",
    what: "integer loops in short functions that are called often",
    source: collatz,
    measured: 120_000,
    compared: 90,
  },
  {
    name: "sort",
    what: "Shell sort of integers in place, and products beyond 32 bits",
    source: sort,
    measured: 100_000,
    compared: 260,
  },
];
