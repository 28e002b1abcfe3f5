// Promises and timers. A timer is a pending call with a due time: hold the
// program and it waits with it; resume after it fell due, and it goes off.

const beat = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function voice(name: string, notes: string[], ms: number): Promise<string> {
  for (const note of notes) {
    await beat(ms);
    console.log(`${name.padEnd(8)} ${note}`);
  }
  return name;
}

const soprano = voice("soprano", ["E", "D", "C", "D", "E", "E", "E"], 700);
const bass = voice("bass", ["C", "G", "C", "G"], 1200);

const first = await Promise.race([soprano, bass]);
console.log(`${first} ends first`);

const result = await Promise.allSettled([
  soprano,
  bass,
  beat(100).then(() => Promise.reject(new Error("a string broke"))),
]);
result;
