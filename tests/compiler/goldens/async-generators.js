async function* g() { try { const x = yield Promise.resolve(1); yield x; yield* [3, Promise.resolve(4)]; } finally { await 0; } }
(async () => { const out = []; for await (const v of g()) out.push(v); const i = g(); out.push(await i.next(), await i.next("s"), await i.return("r"), await i.next()); return out; })();
