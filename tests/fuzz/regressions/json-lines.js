// Texts of several lines: what JSON.stringify indents with is cut to ten units, and need not be white space.
log("indent", JSON.stringify({ a: [1, { b: 2 }], c: [] }, null, "0x1f"));
log("long", JSON.stringify([[1]], undefined, "abcdefghijklm"), JSON.stringify([1], null, 12), JSON.stringify([1], null, -1));
//> indent "{
//> 0x1f"a": [
//> 0x1f0x1f1,
//> 0x1f0x1f{
//> 0x1f0x1f0x1f"b": 2
//> 0x1f0x1f}
//> 0x1f],
//> 0x1f"c": []
//> }"
//> long "[
//> abcdefghij[
//> abcdefghijabcdefghij1
//> abcdefghij]
//> ]" "[
//>           1
//> ]" "[1]"
//> end
