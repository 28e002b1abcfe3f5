// Owns decompression: DEFLATE as its bytes come in, and the frames of zlib and gzip around it with their checksums. Must never accept
// what the formats forbid, nor anything after the end. fflate's own is for compression only: it checks no sums and no end.
// https://www.rfc-editor.org/rfc/rfc1951, rfc1950 and rfc1952

/** Thrown inside when the input ends within something that is read as a whole; reading goes on there with the next chunk. */
const NEED = Symbol("more input is needed");

const WINDOW = 32_768;
/** Output is handed on when there is this much of it, or when the input is used up. */
const MAX_HELD = 98_304;
const FAST_BITS = 9;

const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const invalid = (what) => new TypeError(`The compressed data was not valid: ${what}.`);

/** Bases of values by number, from the extra bits of each: lengths from 3, distances from 1. */
function bases(first, extra) {
  let next = first;
  return extra.map((bits) => (next += 2 ** bits) - 2 ** bits);
}
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const LENGTHS = [...bases(3, LENGTH_EXTRA), 258];
const DISTANCES = bases(1, DISTANCE_EXTRA);

/** The code of a list of lengths: how many codes each length has, the symbols in their order, and what the next nine bits mean. */
function codeOf(lengths, mayBePartial) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  let left = 1;
  const offsets = new Uint16Array(17);
  for (let length = 1; length < 16; length++) {
    left = left * 2 - counts[length];
    if (left < 0) throw invalid("a code has too many symbols");
    offsets[length + 1] = offsets[length] + counts[length];
  }
  if (left > 0 && !(mayBePartial && offsets[16] <= 1)) throw invalid("a code has too few symbols");
  const symbols = new Uint16Array(offsets[16]);
  for (let symbol = 0; symbol < lengths.length; symbol++)
    if (lengths[symbol] !== 0) symbols[offsets[lengths[symbol]]++] = symbol;
  return { counts, symbols, fast: fastTable(counts, symbols) };
}

/** For each pattern of nine bits as they come: symbol << 4 | length of its code, or 0. */
function fastTable(counts, symbols) {
  const fast = new Uint16Array(1 << FAST_BITS);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= FAST_BITS; length++, code *= 2)
    for (let count = counts[length]; count > 0; count--, code++, index++) {
      let reversed = 0;
      for (let bit = 0; bit < length; bit++) if (code & (1 << bit)) reversed |= 1 << (length - 1 - bit);
      const entry = (symbols[index] << 4) | length;
      for (let at = reversed; at < fast.length; at += 1 << length) fast[at] = entry;
    }
  return fast;
}

function fixedCodes() {
  const lengths = new Uint8Array(288).fill(8);
  lengths.fill(9, 144, 256).fill(7, 256, 280);
  return { literals: codeOf(lengths, false), distances: codeOf(new Uint8Array(32).fill(5), false) };
}

/** DEFLATE blocks. `onBytes` gets what comes out. */
class Inflater {
  #onBytes;
  #input = new Uint8Array(0);
  #at = 0;
  #bits = 0;
  #count = 0;
  #out = new Uint8Array(1024);
  /** Where the next byte goes, and from where bytes have not been handed on. */
  #end = 0;
  #fresh = 0;
  #step = this.#block;
  #isLast = false;
  #stored = 0;
  #literals;
  #distances;
  isDone = false;

  constructor(onBytes) {
    this.#onBytes = onBytes;
  }

  /** Reads on with a chunk. Returns how many of its bytes were not needed, at the end. */
  push(chunk) {
    const rest = this.#input.subarray(this.#at);
    if (rest.length === 0) this.#input = chunk;
    else {
      this.#input = new Uint8Array(rest.length + chunk.length);
      this.#input.set(rest);
      this.#input.set(chunk, rest.length);
    }
    this.#at = 0;
    while (!this.isDone && this.#whole(this.#step));
    this.#flush();
    return this.isDone ? this.#input.length - this.#at + (this.#count >> 3) : 0;
  }

  /** Does a step from where the last one ended; if the input does not have all of it, nothing has happened. */
  #whole(step) {
    const at = this.#at;
    const bits = this.#bits;
    const count = this.#count;
    try {
      step.call(this);
      return true;
    } catch (error) {
      if (error !== NEED) throw error;
      this.#at = at;
      this.#bits = bits;
      this.#count = count;
      return false;
    }
  }

  #take(count) {
    while (this.#count < count) {
      if (this.#at >= this.#input.length) throw NEED;
      this.#bits |= this.#input[this.#at++] << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  #symbol({ counts, symbols, fast }) {
    while (this.#count < FAST_BITS && this.#at < this.#input.length) {
      this.#bits |= this.#input[this.#at++] << this.#count;
      this.#count += 8;
    }
    const entry = fast[this.#bits & (fast.length - 1)];
    const length = entry & 15;
    if (length !== 0 && length <= this.#count) {
      this.#bits >>>= length;
      this.#count -= length;
      return entry >> 4;
    }
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits < 16; bits++) {
      code |= this.#take(1);
      const count = counts[bits];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw invalid("a code means nothing");
  }

  #block() {
    const isLast = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 3) throw invalid("a block has an unknown type");
    if (type === 0) {
      this.#take(this.#count & 7);
      const length = this.#take(16);
      if ((length ^ this.#take(16)) !== 0xffff) throw invalid("the length of a block is damaged");
      this.#stored = length;
      this.#step = this.#copyStored;
    } else {
      const { literals, distances } = type === 1 ? fixedCodes() : this.#dynamicCodes();
      this.#literals = literals;
      this.#distances = distances;
      this.#step = this.#decode;
    }
    this.#isLast = isLast;
  }

  #dynamicCodes() {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const lengthCount = this.#take(4) + 4;
    if (literalCount > 286 || distanceCount > 30) throw invalid("a code has too many symbols");
    const order = new Uint8Array(19);
    for (let index = 0; index < lengthCount; index++) order[LENGTH_ORDER[index]] = this.#take(3);
    const lengthCode = codeOf(order, false);
    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(lengthCode);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw invalid("a code begins with a repetition");
      const repeated = symbol === 16 ? lengths[at - 1] : 0;
      const times = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (at + times > lengths.length) throw invalid("a code has too many symbols");
      lengths.fill(repeated, at, (at += times));
    }
    if (lengths[256] === 0) throw invalid("a block has no end");
    return {
      literals: codeOf(lengths.subarray(0, literalCount), true),
      distances: codeOf(lengths.subarray(literalCount), true),
    };
  }

  #copyStored() {
    while (this.#stored > 0 && this.#count > 0) {
      this.#put(this.#take(8));
      this.#stored--;
    }
    const size = Math.min(this.#stored, this.#input.length - this.#at, WINDOW);
    this.#room(size);
    this.#out.set(this.#input.subarray(this.#at, this.#at + size), this.#end);
    this.#end += size;
    this.#at += size;
    this.#stored -= size;
    if (this.#stored === 0) this.#endBlock();
    else if (size === 0) throw NEED;
  }

  #endBlock() {
    this.isDone = this.#isLast;
    this.#step = this.#block;
  }

  /** One symbol. */
  #decode() {
    const symbol = this.#symbol(this.#literals);
    if (symbol < 256) return this.#put(symbol);
    if (symbol === 256) return this.#endBlock();
    const index = symbol - 257;
    if (index > 28) throw invalid("a length means nothing");
    const length = LENGTHS[index] + (index < 28 ? this.#take(LENGTH_EXTRA[index]) : 0);
    const place = this.#symbol(this.#distances);
    if (place > 29) throw invalid("a distance means nothing");
    const distance = DISTANCES[place] + this.#take(DISTANCE_EXTRA[place]);
    if (distance > this.#end) throw invalid("a distance goes back beyond the start");
    this.#room(length);
    const out = this.#out;
    let end = this.#end;
    for (const stop = end + length; end < stop; end++) out[end] = out[end - distance];
    this.#end = end;
  }

  #put(byte) {
    if (this.#end === this.#out.length) this.#room(1);
    this.#out[this.#end++] = byte;
  }

  /** Makes room, by handing on what is old or by growing. */
  #room(size) {
    if (this.#end + size <= this.#out.length) return;
    if (this.#end + size > MAX_HELD) {
      this.#flush();
      this.#out.copyWithin(0, this.#end - WINDOW, this.#end);
      this.#end = this.#fresh = WINDOW;
      if (this.#end + size <= this.#out.length) return;
    }
    const bigger = new Uint8Array(Math.min(Math.max(this.#out.length * 2, this.#end + size), MAX_HELD));
    bigger.set(this.#out.subarray(0, this.#end));
    this.#out = bigger;
  }

  #flush() {
    if (this.#fresh === this.#end) return;
    const bytes = this.#out.slice(this.#fresh, this.#end);
    this.#fresh = this.#end;
    this.#onBytes(bytes);
  }
}

let crcTable;

function crc32(crc, bytes) {
  crcTable ??= Int32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });
  let state = ~crc;
  for (let at = 0; at < bytes.length; at++) state = crcTable[(state ^ bytes[at]) & 255] ^ (state >>> 8);
  return ~state;
}

function adler32(sum, bytes) {
  let low = sum & 0xffff;
  let high = sum >>> 16;
  for (let at = 0; at < bytes.length;) {
    for (const stop = Math.min(at + 3800, bytes.length); at < stop; at++) high += low += bytes[at];
    low %= 65_521;
    high %= 65_521;
  }
  return (high * 65_536 + low) | 0;
}

/** Length of the head of a gzip member, or NEED. */
function gzipHead(bytes) {
  const need = (count) => {
    if (bytes.length < count) throw NEED;
  };
  need(10);
  if (bytes[0] !== 31 || bytes[1] !== 139 || bytes[2] !== 8) throw invalid("it has no gzip header");
  const flags = bytes[3];
  if (flags & 0xe0) throw invalid("a reserved flag of the gzip header is set");
  let at = 10;
  if (flags & 4) {
    need(at + 2);
    at += 2 + (bytes[at] | (bytes[at + 1] << 8));
  }
  for (const flag of [8, 16])
    if (flags & flag) {
      const end = bytes.indexOf(0, at);
      if (end < 0) throw NEED;
      at = end + 1;
    }
  if (flags & 2) {
    need(at + 2);
    if ((crc32(0, bytes.subarray(0, at)) & 0xffff) !== (bytes[at] | (bytes[at + 1] << 8)))
      throw invalid("the gzip header is damaged");
    at += 2;
  }
  need(at);
  return at;
}

function zlibHead(bytes) {
  if (bytes.length < 2) throw NEED;
  if ((bytes[0] & 15) !== 8 || bytes[0] >> 4 > 7 || ((bytes[0] << 8) | bytes[1]) % 31 !== 0)
    throw invalid("it has no zlib header");
  if (bytes[1] & 32) throw invalid("it needs a dictionary");
  return 2;
}

const wordAt = (bytes, at) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

/** What each format has around the blocks: the head, the size of the tail, and its check against sum and length. */
const FORMATS = {
  "deflate-raw": { head: () => 0, first: 0, sum: () => 0, tail: 0, isRight: () => true },
  deflate: {
    head: zlibHead,
    first: 1,
    sum: adler32,
    tail: 4,
    isRight: (tail, sum) => ((tail[0] << 24) | (tail[1] << 16) | (tail[2] << 8) | tail[3]) === sum,
  },
  gzip: {
    head: gzipHead,
    first: 0,
    sum: crc32,
    tail: 8,
    isRight: (tail, sum, length) => wordAt(tail, 0) === sum && wordAt(tail, 4) === (length | 0),
  },
};

export class Decompressor {
  #format;
  #inflater;
  #kept = new Uint8Array(0);
  #isInside = false;
  #sum;
  #length = 0;

  constructor(format, onBytes) {
    this.#format = FORMATS[format];
    this.#sum = this.#format.first;
    this.#inflater = new Inflater((bytes) => {
      this.#sum = this.#format.sum(this.#sum, bytes);
      this.#length += bytes.length;
      onBytes(bytes);
    });
  }

  push(chunk) {
    let bytes = chunk;
    if (!this.#isInside) {
      bytes = this.#keep(chunk);
      let head;
      try {
        head = this.#format.head(bytes);
      } catch (error) {
        if (error !== NEED) throw error;
        return;
      }
      this.#isInside = true;
      this.#kept = new Uint8Array(0);
      bytes = bytes.subarray(head);
    }
    if (!this.#inflater.isDone) {
      const left = this.#inflater.push(bytes);
      if (!this.#inflater.isDone) return;
      bytes = left === 0 ? bytes.subarray(0, 0) : bytes.slice(Math.max(bytes.length - left, 0));
      if (bytes.length < left) throw invalid("its end is damaged");
    }
    const tail = this.#keep(bytes);
    if (tail.length > this.#format.tail) throw new TypeError("Junk found after end of compressed data.");
    if (tail.length === this.#format.tail && !this.#format.isRight(tail, this.#sum, this.#length))
      throw invalid("its checksum is wrong");
  }

  #keep(chunk) {
    if (chunk.length === 0) return this.#kept;
    const bytes = new Uint8Array(this.#kept.length + chunk.length);
    bytes.set(this.#kept);
    bytes.set(chunk, this.#kept.length);
    return (this.#kept = bytes);
  }

  end() {
    if (!this.#inflater.isDone || this.#kept.length < this.#format.tail) throw invalid("it ends too early");
  }
}
