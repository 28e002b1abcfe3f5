[/a+(b)/gi.exec("xaab")[1], 10n ** 2n === 100n, typeof 1n, 0x1fn + 1n === 32n, { 1n: 2 }[1]];
