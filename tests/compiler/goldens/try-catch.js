function f(n) { try { if (n) throw { message: n }; return "none"; } catch ({ message }) { return message; } }
[f(0), f("a"), (() => { try { null.x; } catch { return "bare"; } })()];
