class Base { constructor(...a) { this.args = a; } }
class D extends Base { f = this.args.length; }
class E extends Base { constructor() { const init = () => super(1, 2); try { this; } catch (e) { var early = e.name; } init(); this.early = early; try { super(); } catch (e) { this.twice = e.name; } } }
class N extends null { constructor() { return { ok: 1 }; } }
const e = new E();
[new D(1, 2, 3).f, e.args, e.early, e.twice, new N().ok, (() => { try { new (class extends Base { constructor() {} })(); } catch (x) { return x.name; } })()];
