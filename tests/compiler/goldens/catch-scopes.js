(function () { var e = "outer"; try { throw "inner"; } catch (e) { var e = "assigned"; var f = () => e; } return [e, f()]; })();
