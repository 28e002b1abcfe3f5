// An agent plans a trip, with a person in the loop. Its tools are the calls
// below, and you are their host. Answer them in any order, now or next month:
// hold the program, close the tab, or send it to someone as a link.

interface Offer {
  price: number;
}

/** @example { "price": 240 } */
declare function quoteTrain(from: string, to: string): Promise<Offer>;
/** @example { "price": 780 } */
declare function quoteHotel(city: string, nights: number): Promise<Offer>;
/** What the person in charge says. */
declare function approve(question: string): Promise<"yes" | "no" | "cheaper">;

async function plan(nights: number): Promise<string> {
  const [train, hotel] = await Promise.all([quoteTrain("Bergen", "Oslo"), quoteHotel("Oslo", nights)]);
  const total = train.price + hotel.price;
  console.log(`${nights} nights: ${train.price} + ${hotel.price} = ${total}`);

  const verdict = await approve(`Book ${nights} nights in Oslo for ${total}?`);
  if (verdict === "cheaper" && nights > 1) return plan(nights - 1);
  return verdict === "yes" ? `booked: ${nights} nights for ${total}` : "not booked";
}

await plan(3);
