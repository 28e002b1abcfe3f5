function F() { return [new.target === F, (() => new.target === undefined)()]; }
const viaNew = Reflect.construct(function () { this.t = new.target === Array; }, [], Array);
[F(), viaNew.t];
