var g = 1; h = 2;
(function (p) { var o = { a: 1 }; return [typeof p, typeof nowhere, void 0, delete o.a, delete p, delete h, delete o.b, "a" in o, o instanceof Object, typeof (() => {})]; })(1);
