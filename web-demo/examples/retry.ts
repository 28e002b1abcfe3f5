// A tool that fails, and a program that tries again. Answer the first call with
// an error: choose "error" beside the field. Then move the slider back to before
// that answer, give another one, and the program has another future.

/** @example { "degrees": 11 } */
declare function weather(city: string): Promise<{ degrees: number }>;

async function patiently<T>(what: string, work: () => Promise<T>, times = 3): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      console.log(`${what}, attempt ${attempt}: ${(error as Error).message}`);
      if (attempt === times) throw error;
      await new Promise((again) => setTimeout(again, 500 * attempt));
    }
  }
}

const cities = ["Oslo", "Rome"];
const found = await Promise.all(cities.map((city) => patiently(city, () => weather(city))));
const warmest = cities[found[0]!.degrees > found[1]!.degrees ? 0 : 1];
({ warmest, found });
