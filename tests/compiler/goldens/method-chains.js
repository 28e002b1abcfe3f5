"a-b-c".split("-").map((x) => x.toUpperCase()).filter((x) => x !== "B").join("").concat("!");
