// Counts for ever. Hold it whenever you like: it stops between two
// instructions and becomes about a kilobyte. Resume it, step through it,
// save it, open it elsewhere: it goes on counting where it was.

let count = 0;
let resting = 0;

while (true) {
  count++;
  if (count % 500_000 === 0) {
    resting = Math.sqrt(count);
    console.log(`${count / 1_000_000} million, root ${resting.toFixed(3)}`);
  }
}
