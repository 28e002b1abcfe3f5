class A { constructor(x) { this.x = x; } get sum() { return this.x + 1; } static make(x) { return new this(x); } inc(d = 1) { this.x += d; return this; } ["c" + 1]() { return "computed"; } }
class B extends A { constructor(x) { super(x); this.z = 2; } inc(d) { super.inc(d); this.z++; return this; } get sum() { return super.sum * 10; } }
const b = B.make(1).inc(3);
[b.x, b.z, b.sum, b.c1(), A.name, Object.getOwnPropertyNames(A.prototype), typeof B];
