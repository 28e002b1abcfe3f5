// Noughts and crosses for two. Make a move, press "Share" and send it:
// the game is not saved anywhere, the link is the running program.

/** The square, 1 to 9.
 * @example 5 */
declare function move(player: string, board: string): number;

const WAYS = ["123", "456", "789", "147", "258", "369", "159", "357"];
const board: string[] = Array.from({ length: 9 }, () => "·");
const drawn = () => [0, 3, 6].map((row) => board.slice(row, row + 3).join(" ")).join(" / ");

function winner(): string | undefined {
  for (const way of WAYS) {
    const [a, b, c] = [...way].map((square) => board[Number(square) - 1]);
    if (a !== "·" && a === b && b === c) return a;
  }
}

let player = "X";
while (winner() === undefined && board.includes("·")) {
  // The program is held here, in the middle of this line, until somebody moves.
  const square = move(player, drawn());
  if (board[square - 1] !== "·") {
    console.log(`${square} is taken: ${drawn()}`);
    continue;
  }
  board[square - 1] = player;
  console.log(`${player} takes ${square}:  ${drawn()}`);
  player = player === "X" ? "O" : "X";
}
winner() === undefined ? "a draw" : `${winner()} has won`;
