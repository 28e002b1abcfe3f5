// A small puzzle by trial and error. Hold it while it searches: the stack is
// as deep as the search. Then move the slider, and it tries backwards.

const puzzle = `
  1 . . .
  . . 3 .
  . 4 . .
  . . . 2`;
const cells = puzzle.match(/[\d.]/g)!.map((cell) => (cell === "." ? 0 : Number(cell)));
let tried = 0;

function fits(at: number, digit: number): boolean {
  const row = at >> 2;
  const column = at & 3;
  for (let i = 0; i < 4; i++) {
    if (cells[row * 4 + i] === digit || cells[i * 4 + column] === digit) return false;
    const inBox = ((row & 2) + (i >> 1)) * 4 + (column & 2) + (i & 1);
    if (cells[inBox] === digit) return false;
  }
  return true;
}

function solve(at: number): boolean {
  if (at === cells.length) return true;
  if (cells[at] !== 0) return solve(at + 1);
  for (let digit = 1; digit <= 4; digit++) {
    tried++;
    if (!fits(at, digit)) continue;
    cells[at] = digit;
    console.log(`${"  ".repeat(at)}${digit} at ${at}`);
    if (solve(at + 1)) return true;
    cells[at] = 0;
  }
  return false;
}

const solved = solve(0);
[0, 4, 8, 12].map((row) => cells.slice(row, row + 4).join(" ")).join("\n") +
  `\n${tried} tried, ${solved ? "solved" : "no way"}`;
