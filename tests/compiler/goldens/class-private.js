class C { #x = 1; #y; static #count = 0; #m() { return this.#x; } get #g() { return this.#x * 2; } set #g(v) { this.#x = v; } static #s() { return C.#count++; } bump() { this.#x++; this.#g += 10; this.#y ??= 5; return [this.#m(), this.#y]; } static has(o) { return #x in o; } static next() { return C.#s(); } }
const c = new C();
[c.bump(), C.has(c), C.has({}), C.next(), C.next(), (() => { try { C.prototype.bump(); } catch (e) { return e.name; } })()];
