const A = class {}, B = class Inner { static who() { return Inner === B; } }, k = "dyn", o = { C: class {}, [k]: class {}, D: class { static name = "own"; } };
[A.name, B.name, B.who(), o.C.name, o.dyn.name, o.D.name];
