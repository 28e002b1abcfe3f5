// Owns the page and the plot of the benchmark of holding. Must never compute anything but ratios of what was measured.

const micro = (us) => (us < 10 ? us.toFixed(2) : us < 1000 ? us.toFixed(1) : us.toFixed(0));
const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows.map(row), ""].join("\n");

/** Rows of engines: least and median, and how many times the least of Zapcode that is. */
function engines(record, bytes) {
  const reference = record.Zapcode?.min;
  return Object.entries(record).map(([name, { min, median }]) => [
    name,
    micro(min),
    micro(median),
    reference === undefined ? "–" : `× ${(min / reference).toFixed(1)}`,
    ...(bytes === undefined ? [] : [bytes[name] ?? "–"]),
  ]);
}

const HEAD = ["engine", "least, µs", "median, µs", "to Zapcode"];
const STAGES = ["load", "restore", "resume", "snapshot", "dump", "dispose"];

function memoryText(memory) {
  if (memory === undefined) return "";
  const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  return [
    `## Memory of ${memory.states} suspended states (growth of the resident set)`,
    "",
    table(
      ["held", "per state", "to make one, µs"],
      [
        ["live, the loop", kilo(memory.live.rssPerState), micro(memory.live.usPerState)],
        [
          "live, the agent program (a tenth as many)",
          kilo(memory["live, agent"].rssPerState),
          micro(memory["live, agent"].usPerState),
        ],
        [
          `as bytes, the loop by reference (${Math.round(memory.bytes.bytes)} bytes)`,
          kilo(memory.bytes.rssPerState),
          micro(memory.bytes.usPerState),
        ],
      ],
    ),
  ].join("\n");
}

export function textOf({ node, cpu, turns, starting, sequential, oneCall, cycles, memory }) {
  return [
    "# What holding and resuming costs",
    "",
    `Written by \`npm run bench:hold\` (Node ${node}, ${cpu}, ${turns} turns). Microseconds of wall time; engines take turns in blocks.`,
    "Zapcode is the native original, where its Python wheel is installed (`pip install zapcode==1.5.3`); quickjs-wasi writes all of its memory.",
    "",
    "![cycles a second](benchmark-hold.svg)",
    "",
    "## `1 + 2`: compile and run",
    "",
    table(HEAD, engines(sequential)),
    "## One host call: compile, start, dump",
    "",
    table([...HEAD, "bytes"], engines(oneCall.out, oneCall.bytes)),
    "## One host call: load, resume to the end",
    "",
    "The bytes come from another runtime. For comparison, `run` with the host function as a tool, which never writes anything:",
    `${micro(oneCall.drive["Fermata, run with a function"].min)} µs at least, ${micro(oneCall.drive["Fermata, run with a function"].median)} µs in the middle.`,
    "",
    table(HEAD, engines(oneCall.back)),
    "quickjs-wasi is only restored: its host functions would have to be registered again before it could go on.",
    "",
    "## A cycle: load, restore, resume, snapshot, dump by reference, dispose",
    "",
    "Least and median. From elsewhere: every turn loads bytes of another run that another runtime has written. Written here: every turn loads",
    "what the turn before has written. A second and core: by CPU time, garbage collection included.",
    "",
    table(
      ["program", ...STAGES, "cycle", "CPU", "a second and core"],
      Object.entries(cycles).map(([name, times]) => [
        name,
        ...[...STAGES, "cycle"].map((stage) => `${micro(times[stage].min)} / ${micro(times[stage].median)}`),
        micro(times.cpu),
        Math.round(times.perSecond),
      ]),
    ),
    "## Compiling and starting",
    "",
    table(
      ["what", "least, µs", "median, µs"],
      Object.entries(starting).map(([name, { min, median }]) => [name, micro(min), micro(median)]),
    ),
    memoryText(memory),
  ].join("\n");
}

/** Bars of cycles a second, and the stages that one cycle consists of. */
export function plotOf({ cycles }) {
  const colours = ["#b3541e", "#d98b4a", "#3f6f5f", "#6b7a8f", "#a9b4c2", "#c9b458"];
  const rows = Object.entries(cycles);
  const most = Math.max(...rows.map(([, times]) => STAGES.reduce((sum, stage) => sum + times[stage].min, 0)));
  const bars = rows.flatMap(([name, times], i) => {
    let x = 180;
    const y = 60 + i * 48;
    const parts = STAGES.map((stage, k) => {
      const width = (times[stage].min / most) * 520;
      const part = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="24" fill="${colours[k]}"/>`;
      x += width;
      return part;
    });
    return [
      `<text x="170" y="${y + 17}" text-anchor="end">${name}</text>`,
      ...parts,
      `<text x="${(x + 6).toFixed(1)}" y="${y + 17}">${micro(times.cycle.min)} µs</text>`,
    ];
  });
  const legend = STAGES.map(
    (stage, k) =>
      `<rect x="${180 + k * 95}" y="20" width="11" height="11" fill="${colours[k]}"/><text x="${196 + k * 95}" y="30">${stage}</text>`,
  );
  const height = 80 + rows.length * 48;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 ${height}" font-family="system-ui, sans-serif" font-size="13"><rect width="820" height="${height}" fill="#fffdf8"/>${legend.join("")}${bars.join("")}</svg>\n`;
}
