// Owns deflating small data without making anything: window, hash, tokens and code tables are kept from call to call. Long data
// goes through fflate, and inflating is fflate's. Must never depend on what was deflated before: equal data after an equal
// dictionary gives equal bytes. https://www.rfc-editor.org/rfc/rfc1951

/** Most bytes of dictionary and data together: a distance reaches across all of them. */
export const MAX_WINDOW = 32_768;
const HASHES = 4096;
/** Earlier places with the same hash that are looked at. */
const DEPTH = 8;
const MIN_MATCH = 3;
const MAX_MATCH = 258;
/** A match of so many bytes is taken without looking for a longer one a byte later. */
const GOOD = 16;

const LITERALS = 288;
const DISTANCES = 30;
const END = 256;
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

const nextCodes = new Uint16Array(16);
/** How many codes there are of each length. */
const perLength = new Uint16Array(33);

/** Codes of one alphabet: the bits of each symbol, in the order in which they are written, and how many. */
class Codes {
  readonly bits: Uint16Array;
  readonly lengths: Uint8Array;
  readonly counts: Uint16Array;

  constructor(symbols: number) {
    this.bits = new Uint16Array(symbols);
    this.lengths = new Uint8Array(symbols);
    this.counts = new Uint16Array(symbols);
  }

  /** Numbers the codes of the lengths that are set. */
  number(): void {
    const next = nextCodes;
    perLength.fill(0);
    for (const length of this.lengths) perLength[length]!++;
    perLength[0] = 0;
    for (let length = 1, code = 0; length < 16; length++) next[length] = code = (code + perLength[length - 1]!) << 1;
    for (let symbol = 0; symbol < this.lengths.length; symbol++) {
      const length = this.lengths[symbol]!;
      if (length === 0) continue;
      let code = next[length]!++;
      let bits = 0;
      for (let i = 0; i < length; i++) {
        bits = (bits << 1) | (code & 1);
        code >>>= 1;
      }
      this.bits[symbol] = bits;
    }
  }

  /** Bits that the symbols counted take. */
  cost(): number {
    let bits = 0;
    for (let i = 0; i < this.counts.length; i++) bits += this.counts[i]! * this.lengths[i]!;
    return bits;
  }
}

/** Tables of the lengths and distances of matches. */
const lengthSymbol = new Uint8Array(MAX_MATCH + 1);
const lengthBase = new Uint16Array(29);
const lengthExtra = new Uint8Array(29);
const distanceBase = new Uint16Array(DISTANCES);
const distanceExtra = new Uint8Array(DISTANCES);
/** Symbols of distances up to 256, then of every 128th distance beyond. */
const distanceSymbol = new Uint8Array(512);

const literals = new Codes(LITERALS);
const distances = new Codes(DISTANCES);
const fixedLiterals = new Codes(LITERALS);
const fixedDistances = new Codes(DISTANCES);
const codeLengths = new Codes(19);

function makeTables(): void {
  for (let i = 0, base = 3; i < 28; i++) {
    lengthExtra[i] = i < 8 ? 0 : (i - 4) >> 2;
    lengthBase[i] = base;
    for (let n = 0; n < 1 << lengthExtra[i]!; n++) lengthSymbol[base + n] = i;
    base += 1 << lengthExtra[i]!;
  }
  lengthBase[28] = MAX_MATCH;
  lengthExtra[28] = 0;
  lengthSymbol[MAX_MATCH] = 28;
  for (let i = 0, base = 1; i < DISTANCES; i++) {
    distanceExtra[i] = i < 4 ? 0 : (i - 2) >> 1;
    distanceBase[i] = base;
    for (let n = 0; n < 1 << distanceExtra[i]!; n++) {
      const distance = base + n;
      if (distance <= 256) distanceSymbol[distance - 1] = i;
      else distanceSymbol[256 + ((distance - 1) >>> 7)] = i;
    }
    base += 1 << distanceExtra[i]!;
  }
  for (let i = 0; i < LITERALS; i++) fixedLiterals.lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  fixedDistances.lengths.fill(5);
  fixedLiterals.number();
  fixedDistances.number();
}

const symbolOfDistance = (distance: number): number =>
  distance <= 256 ? distanceSymbol[distance - 1]! : distanceSymbol[256 + ((distance - 1) >>> 7)]!;

// --- Huffman codes ------------------------------------------------------------------------------------------------

const keys = new Uint32Array(LITERALS);
const weights = new Uint32Array(LITERALS);

/** Replaces ascending weights by the depths of their leaves in a Huffman tree (Moffat and Katajainen, in place). */
function depths(a: Uint32Array, n: number): void {
  if (n === 1) a[0] = 1;
  if (n < 2) return;
  a[0]! += a[1]!;
  let root = 0;
  let leaf = 2;
  for (let next = 1; next < n - 1; next++) {
    let sum: number;
    if (leaf >= n || a[root]! < a[leaf]!) {
      sum = a[root]!;
      a[root++] = next;
    } else sum = a[leaf++]!;
    if (leaf >= n || (root < next && a[root]! < a[leaf]!)) {
      sum += a[root]!;
      a[root++] = next;
    } else sum += a[leaf++]!;
    a[next] = sum;
  }
  a[n - 2] = 0;
  for (let next = n - 3; next >= 0; next--) a[next] = a[a[next]!]! + 1;
  root = n - 2;
  let next = n - 1;
  for (let free = 1, used = 0, depth = 0; free > 0; free = 2 * used, depth++, used = 0) {
    while (root >= 0 && a[root] === depth) {
      used++;
      root--;
    }
    for (; free > used; free--) a[next--] = depth;
  }
}

/** Gives each symbol that was counted a code of at most `most` bits. */
function assign(codes: Codes, most: number): void {
  const { counts, lengths } = codes;
  lengths.fill(0);
  let n = 0;
  for (let symbol = 0; symbol < counts.length; symbol++)
    if (counts[symbol] !== 0) keys[n++] = counts[symbol]! * 512 + symbol;
  if (n === 0) return;
  keys.subarray(0, n).sort();
  for (let i = 0; i < n; i++) weights[i] = keys[i]! >>> 9;
  depths(weights, n);
  perLength.fill(0);
  for (let i = 0; i < n; i++) perLength[Math.min(weights[i]!, most)]!++;
  // Codes that were cut to `most` bits are paid for by making a shorter one longer.
  let total = 0;
  for (let length = most; length > 0; length--) total += perLength[length]! << (most - length);
  for (; total > 1 << most; total--) {
    perLength[most]!--;
    let length = most - 1;
    while (perLength[length] === 0) length--;
    perLength[length]!--;
    perLength[length + 1]! += 2;
  }
  for (let length = most, i = 0; length > 0; length--)
    for (let left = perLength[length]!; left > 0; left--) lengths[keys[i++]! & 511] = length;
  codes.number();
}

const hashOf = (a: number, b: number, c: number): number => (a ^ (b << 4) ^ (c << 7) ^ (c >> 3)) & (HASHES - 1);

// --- matches ------------------------------------------------------------------------------------------------------

/** A window that begins with a dictionary, and the places at which its sequences of three bytes begin. */
export class Deflater {
  readonly window = new Uint8Array(MAX_WINDOW + MAX_MATCH);
  /** Length of the dictionary. */
  readonly start: number;
  /** End of the bytes in the window. */
  end: number;
  /** By hash: last place + 1. */
  readonly #heads = new Uint16Array(HASHES);
  readonly #prepared = new Uint16Array(HASHES);
  /** By place: the place before it with the same hash, + 1. */
  readonly #before = new Uint16Array(MAX_WINDOW);
  /** A literal, or the length of a match × 65536 + its distance. */
  readonly #tokens = new Uint32Array(MAX_WINDOW);
  #tokenCount = 0;
  #extraBits = 0;
  #out: Uint8Array = new Uint8Array(0);
  #at = 0;
  #bits = 0;
  #bitCount = 0;

  constructor(dictionary: Uint8Array) {
    if (lengthBase[28] === 0) makeTables();
    this.window.set(dictionary);
    this.start = this.end = dictionary.length;
    for (let i = 0; i + MIN_MATCH <= this.start; i++) this.#enter(i);
    this.#prepared.set(this.#heads);
  }

  /** Empties the window but for the dictionary. */
  open(): void {
    this.end = this.start;
    this.forget();
  }

  /** From here on only the dictionary is matched, not what has come into the window since. */
  forget(): void {
    this.#heads.set(this.#prepared);
  }

  /** Puts bytes into the window that were not deflated. */
  pass(bytes: Uint8Array): void {
    this.window.set(bytes, this.end);
    this.end += bytes.length;
  }

  /**
   * Deflates bytes to `out` from `at` on, where there must be room for them, and puts them into the window. Returns the end of the
   * result; -1 if it would take as much as the bytes.
   */
  deflate(bytes: Uint8Array, out: Uint8Array, at: number): number {
    const from = this.end;
    this.pass(bytes);
    literals.counts.fill(0);
    distances.counts.fill(0);
    this.#extraBits = 0;
    this.#match(from, this.end);
    literals.counts[END] = 1;
    const most = 8 * (bytes.length - 1);
    this.#out = out;
    this.#at = at;
    this.#bits = this.#bitCount = 0;
    fixedLiterals.counts.set(literals.counts);
    fixedDistances.counts.set(distances.counts);
    const fixed = 3 + fixedLiterals.cost() + fixedDistances.cost() + this.#extraBits;
    // A header of trees takes at least fifty bytes.
    const mayBeDynamic = fixed > 1600;
    if (mayBeDynamic) {
      assign(literals, 15);
      assign(distances, 15);
      const header = describe();
      const dynamic = 3 + header + literals.cost() + distances.cost() + this.#extraBits;
      if (dynamic < fixed) {
        if (dynamic > most) return -1;
        this.#put(5, 3);
        this.#header();
        return this.#write(literals, distances);
      }
    }
    if (fixed > most) return -1;
    this.#put(3, 3);
    return this.#write(fixedLiterals, fixedDistances);
  }

  #enter(i: number): void {
    const { window } = this;
    const hash = hashOf(window[i]!, window[i + 1]!, window[i + 2]!);
    this.#before[i] = this.#heads[hash]!;
    this.#heads[hash] = i + 1;
  }

  /** Longest match at a place that was just entered, as length × 65536 + distance; 0 if there is no match. */
  #longest(i: number, end: number): number {
    const { window } = this;
    const before = this.#before;
    const most = Math.min(MAX_MATCH, end - i);
    let best = MIN_MATCH - 1;
    let distance = 0;
    for (let place = before[i]!, left = DEPTH; place !== 0 && left > 0; place = before[place - 1]!, left--) {
      const j = place - 1;
      if (window[j + best] !== window[i + best] || window[j] !== window[i]) continue;
      let n = 0;
      while (n < most && window[j + n] === window[i + n]) n++;
      // Three bytes from afar take more bits than as literals.
      if (n <= best || (n === MIN_MATCH && i - j > 4096)) continue;
      best = n;
      distance = i - j;
      if (n === most) break;
    }
    return distance === 0 ? 0 : best * 65536 + distance;
  }

  #match(from: number, end: number): void {
    const { window } = this;
    const heads = this.#heads;
    const before = this.#before;
    const tokens = this.#tokens;
    const literalCounts = literals.counts;
    const last = end - MIN_MATCH;
    let count = 0;
    /** Match at the place before, whose first byte is a literal if this place has a longer one. */
    let kept = 0;
    for (let i = from; i < end; i++) {
      let match = 0;
      if (i <= last) {
        const hash = hashOf(window[i]!, window[i + 1]!, window[i + 2]!);
        const place = heads[hash]!;
        before[i] = place;
        heads[hash] = i + 1;
        if (place !== 0 && kept >>> 16 < GOOD) match = this.#longest(i, end);
      }
      if (kept !== 0 && kept >>> 16 >= match >>> 16) {
        tokens[count++] = kept;
        this.#count(kept);
        // The place before and this one are entered already.
        const next = i - 1 + (kept >>> 16);
        kept = 0;
        for (i++; i < next; i++) {
          if (i > last) continue;
          const hash = hashOf(window[i]!, window[i + 1]!, window[i + 2]!);
          before[i] = heads[hash]!;
          heads[hash] = i + 1;
        }
        i--;
        continue;
      }
      if (kept !== 0) {
        const byte = window[i - 1]!;
        literalCounts[byte]!++;
        tokens[count++] = byte;
      }
      kept = match;
      if (match === 0) {
        const byte = window[i]!;
        literalCounts[byte]!++;
        tokens[count++] = byte;
      }
    }
    if (kept !== 0) {
      tokens[count++] = kept;
      this.#count(kept);
    }
    this.#tokenCount = count;
  }

  #count(match: number): void {
    const length = lengthSymbol[match >>> 16]!;
    const distance = symbolOfDistance(match & 0xffff);
    literals.counts[END + 1 + length]!++;
    distances.counts[distance]!++;
    this.#extraBits += lengthExtra[length]! + distanceExtra[distance]!;
  }

  // --- bits

  #put(bits: number, count: number): void {
    this.#bits |= bits << this.#bitCount;
    this.#bitCount += count;
    while (this.#bitCount >= 8) {
      this.#out[this.#at++] = this.#bits;
      this.#bits >>>= 8;
      this.#bitCount -= 8;
    }
  }

  #write(l: Codes, d: Codes): number {
    const tokens = this.#tokens;
    const out = this.#out;
    const { bits: literalBits, lengths: literalLengths } = l;
    const { bits: distanceBits, lengths: distanceLengths } = d;
    let at = this.#at;
    let bits = this.#bits;
    let count = this.#bitCount;
    for (let i = 0, end = this.#tokenCount; i < end; i++) {
      const token = tokens[i]!;
      let symbol = token;
      if (token > 65_535) symbol = END + 1 + lengthSymbol[token >>> 16]!;
      bits |= literalBits[symbol]! << count;
      count += literalLengths[symbol]!;
      while (count > 7) {
        out[at++] = bits;
        bits >>>= 8;
        count -= 8;
      }
      if (token < 65_536) continue;
      // At most 7 + 5 bits, then 15, then 13.
      const distance = token & 0xffff;
      const length = symbol - END - 1;
      bits |= ((token >>> 16) - lengthBase[length]!) << count;
      count += lengthExtra[length]!;
      symbol = symbolOfDistance(distance);
      bits |= distanceBits[symbol]! << count;
      count += distanceLengths[symbol]!;
      while (count > 7) {
        out[at++] = bits;
        bits >>>= 8;
        count -= 8;
      }
      bits |= (distance - distanceBase[symbol]!) << count;
      count += distanceExtra[symbol]!;
      while (count > 7) {
        out[at++] = bits;
        bits >>>= 8;
        count -= 8;
      }
    }
    this.#at = at;
    this.#bits = bits;
    this.#bitCount = count;
    this.#put(literalBits[END]!, literalLengths[END]!);
    if (this.#bitCount > 0) this.#put(0, 8 - this.#bitCount);
    return this.#at;
  }

  #header(): void {
    this.#put(description.literals - 257, 5);
    this.#put(description.distances - 1, 5);
    this.#put(description.order - 4, 4);
    for (let i = 0; i < description.order; i++) this.#put(codeLengths.lengths[ORDER[i]!]!, 3);
    for (let i = 0; i < description.count; i++) {
      const item = description.items[i]!;
      const symbol = item & 31;
      this.#put(codeLengths.bits[symbol]!, codeLengths.lengths[symbol]!);
      if (symbol > 15) this.#put(item >>> 5, symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
    }
  }
}

/** The lengths of the codes of a block as they are written: symbol | repetitions << 5. */
const description = { literals: 0, distances: 0, order: 0, count: 0, items: new Uint16Array(LITERALS + DISTANCES) };
const allLengths = new Uint8Array(LITERALS + DISTANCES);

function item(symbol: number, extra: number): void {
  codeLengths.counts[symbol]!++;
  description.items[description.count++] = symbol | (extra << 5);
}

/** Describes the codes of literals and distances; returns how many bits that takes. */
function describe(): number {
  let l = 286;
  while (l > 257 && literals.lengths[l - 1] === 0) l--;
  let d = DISTANCES;
  while (d > 1 && distances.lengths[d - 1] === 0) d--;
  allLengths.set(literals.lengths.subarray(0, l));
  allLengths.set(distances.lengths.subarray(0, d), l);
  codeLengths.counts.fill(0);
  description.count = 0;
  for (let i = 0, end = l + d; i < end;) {
    const length = allLengths[i]!;
    let run = 1;
    while (i + run < end && allLengths[i + run] === length) run++;
    i += run;
    if (length !== 0) {
      item(length, 0);
      run--;
    }
    while (run > 2) {
      const most = length === 0 ? 138 : 6;
      const n = Math.min(run, most);
      if (length !== 0) item(16, n - 3);
      else if (n > 10) item(18, n - 11);
      else item(17, n - 3);
      run -= n;
    }
    while (run-- > 0) item(length, 0);
  }
  assign(codeLengths, 7);
  let order = 19;
  while (order > 4 && codeLengths.lengths[ORDER[order - 1]!] === 0) order--;
  description.literals = l;
  description.distances = d;
  description.order = order;
  let bits = 14 + 3 * order + codeLengths.cost();
  bits += 2 * codeLengths.counts[16]! + 3 * codeLengths.counts[17]! + 7 * codeLengths.counts[18]!;
  return bits;
}
