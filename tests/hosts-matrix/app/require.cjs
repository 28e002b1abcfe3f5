// As process.js, by `require`.

const fermata = require("fermata-vm");

import("./approval.js")
  .then(({ takeTurn }) => takeTurn(fermata, JSON.parse(process.argv.at(-1))))
  .then((report) => console.log(JSON.stringify(report)));
