// A pipeline of generators over an infinite source. Step through it: each
// step is one statement, and every suspended generator is part of the state.

function* naturals(): Generator<number> {
  for (let n = 1; ; n++) yield n;
}

function* filter<T>(source: Iterable<T>, keep: (value: T) => boolean): Generator<T> {
  for (const value of source) if (keep(value)) yield value;
}

function* take<T>(source: Iterable<T>, count: number): Generator<T> {
  for (const value of source) {
    if (count-- <= 0) return;
    yield value;
  }
}

const isPrime = (n: number) =>
  n > 1 && ![...take(naturals(), Math.floor(Math.sqrt(n)))].some((d) => d > 1 && n % d === 0);

const primes: number[] = [];
for (const prime of take(filter(naturals(), isPrime), 12)) {
  primes.push(prime);
  console.log(`prime ${primes.length}: ${prime}`);
}

({ primes, sum: primes.reduce((a, b) => a + b, 0) });
