// A turn in a Worker of a page.

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

globalThis.takeTurn = (request) =>
  new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(`the Worker failed: ${message}`));
    worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.report));
    worker.postMessage(request);
  });
