// The programs whose suspended size and time the budgets speak of.
// Each parks at its first `hostCall`.

export const BUDGET_PROGRAMS: Readonly<Record<string, string>> = {
  trivial: String.raw`async function main(){ const x = 1; const r = await hostCall('a', {x}); return r + x; } globalThis.__p = main();`,
  agent: String.raw`
class Task { #id; constructor(id, title, deps=[]) { this.#id=id; this.title=title; this.deps=deps; this.status='todo'; this.log=[]; } get id(){ return this.#id; } done(note){ this.status='done'; this.log.push({at: 1700000000000 + this.#id, note}); return this; } toJSON(){ return {id:this.#id,title:this.title,status:this.status}; } }
const memo = new Map(); const tags = new Set(['urgent','billing','ops']);
const rank = (w => t => w * t.deps.length + (tags.has(t.title.split(' ')[0]) ? 10 : 0))(3);
function* ids(){ let i = 1; while (true) yield i++; }
const gen = ids();
async function step(t, depth){ const key = t.title + ':' + depth; if (memo.has(key)) return memo.get(key); const r = await hostCall('llm', { prompt: 'Summarise ' + t.title, depth }); const out = { key, text: r && r.text || '', score: rank(t) }; memo.set(key, out); t.done(out.text); return out; }
async function main(){
  const tasks = []; for (let i = 0; i < 50; i++) tasks.push(new Task(gen.next().value, ['urgent','billing','report','ops'][i%4] + ' task number ' + i, i % 3 ? [i-1] : []));
  const customers = Array.from({length: 40}, (_, i) => ({ id: i, name: 'Customer ' + i, email: 'c' + i + '@example.com', orders: Array.from({length: 3}, (_, j) => ({ sku: 'SKU-' + (i*3+j), qty: j + 1, price: 9.99 * (j+1) })) }));
  const byTag = tasks.reduce((a, t) => { (a[t.title.split(' ')[0]] ||= []).push(t); return a; }, {});
  const totals = customers.map(c => ({ ...c, total: c.orders.reduce((s, o) => s + o.qty * o.price, 0) })).sort((a, b) => b.total - a.total);
  const results = []; for (const t of tasks.slice(0, 5)) { results.push(await step(t, 0)); }
  return { n: results.length, top: totals[0].name, tags: Object.keys(byTag) };
}
globalThis.__p = main();`,
  data1mb: String.raw`
async function main(){ const recs = []; for (let i = 0; i < 6000; i++) recs.push({ id: i, name: 'user ' + i, email: 'u' + i + '@example.com', tags: ['a','b','c' + (i % 10)], score: i * 1.5, active: i % 2 === 0, nested: { x: i, y: null, z: 'some text with quotes ' + i } });
  const r = await hostCall('save', { n: recs.length }); return JSON.stringify(recs).length + (r && r.text ? 1 : 0); } globalThis.__p = main();`,
  string1mb: String.raw`async function main(){ let s = ''; let x = 12345; const parts = []; while (s.length < 1048576) { x = (x * 1103515245 + 12345) % 2147483648; s += x.toString(36) + ' '; } const r = await hostCall('save', { n: s.length }); return s.length; } globalThis.__p = main();`,
};
