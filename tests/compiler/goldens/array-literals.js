const a = [1, , 2, ...[3, 4], ...new Set([5])];
[a, 1 in a, a.length, [], [[]]];
