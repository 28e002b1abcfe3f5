switch (1) { case 1: "a"; case 2: "b"; break; default: "c"; }
var x = 1;
function f() {}
