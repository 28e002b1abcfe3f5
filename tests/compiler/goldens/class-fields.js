let n = 0;
class A { a = ++n; [`k${n}`] = "computed"; "quoted" = this.a; 7 = 8; static s = A.name; static t = this.s + "!"; f = () => this.a; u; static { this.block = [A.s, this === A]; } }
const a = new A();
[a.a, a.k0, a.quoted, a[7], A.s, A.t, a.f(), "u" in a, A.block, a.f.name];
