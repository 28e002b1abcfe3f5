async function f(x) { try { return (await x) + 1; } catch (e) { return "caught " + e; } finally { await null; } }
const g = async (x = missing) => x;
Promise.all([f(1), f(Promise.reject("r")), g(2), g().catch((e) => e.name), (async () => { for (const p of [1, 2]) await p; })()]);
