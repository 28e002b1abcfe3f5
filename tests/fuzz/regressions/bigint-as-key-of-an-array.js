// A BigInt as a property key of an array names the element.
const a = ["x", "y"];
log("get", a[0n], a[1n], a[2n], "abc"[1n], (function () { return arguments[0n]; })("z"));
a[1n] = "Y";
a[3n] = "W";
log("set", a, 0n in a, 2n in a, delete a[0n], a);
log("object", { 1n: 1 }[1n], { 1: 2 }[1n], Object.keys({ [7n]: 1 }));
log("big", a[4294967295n], a[-1n], { "-1": 5 }[-1n], { "18446744073709551616": 6 }[18446744073709551616n]);
//> get "x" "y" undefined "b" "z"
//> set [1:"Y",3:"W",#4] true false true [1:"Y",3:"W",#4]
//> object 1 2 [0:"7",#1]
//> big undefined undefined 5 6
//> end
