function keys(o) { for (var k in o) $t(); return k; }
function values(l) { for (var v of l) $t(); return v; }
function given(l, last) { for (last of l) $t(); return last; }
function* later(l) { let x; for (x of l) yield x; yield x; }
function left(l) { let i; out: for (const a of l) for (i of l) if (i === 2) break out; for (i in {}) $t(); return i; }
log("keys", keys({ a: 1, b: 2 }), keys({}), keys(null), keys("xy"));
log("values", values([1, 2]), values([]), values($it("i", 2, 0)), given("ab", 0), given([], 0));
log("later", [...later([1, 2])], left([1, 2, 3]));
for (var k in { last: 1 }) for (var v of [k, k + 1]);
log("end", k, v);
//> keys "b" undefined undefined "1"
//> i.iter
//> i.next undefined
//> i.next undefined
//> i.next undefined
//> values 2 undefined 1 "b" 0
//> later [0:1,1:2,2:2,#3] 2
//> end "last" "last1"
//> end
