function sloppy() { return typeof this; }
function strict() { "use strict"; return typeof this; }
[sloppy(), strict(), sloppy.call(1), strict.call(1), (() => { "use strict"; try { undeclared = 1; } catch (e) { return e.name; } })()];
