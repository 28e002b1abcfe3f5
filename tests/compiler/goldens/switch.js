function f(x) { switch (x) { case 1: return "one"; case "a": case 2: { var r = "two"; } default: r = (r || "") + "d"; case 9: r += "9"; break; case 10: r = "ten"; } return r; }
[f(1), f(2), f("a"), f(3), f(9), f(10)];
