// Owns how the documentation site is made of the pages in docs/. Must never hold text that the pages lack.
//
// FERMATA_SITE_BASE is the path below which the site will be served (default "/"), FERMATA_SITE_OUT the folder that it is built into.
// FERMATA_SITE_PAGES names the only pages that it shall have, for a look at them: links to others are dead then.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { HOME, pageAt, pagesIn, SECTIONS, slugOf } from "../../ts/build/docs/pages.ts";
import { finishSite, servePackage } from "./package.ts";
import { keepLinksInside, runnableBlocks } from "./markdown.ts";

const docs = fileURLToPath(new URL("..", import.meta.url));
const FERMATA =
  "<path d='M3 23a13 13 0 0 1 26 0' fill='none' stroke='%23a8402f' stroke-width='3.4' stroke-linecap='round'/><circle cx='16' cy='22' r='3.2' fill='%23a8402f'/>";

/** As the site has it: a folder's README is its index. */
const addressOf = (path: string): string => `/${path.replace(/README\.md$|\.md$/, "").replace(/\/index$/, "/")}`;

const only = process.env.FERMATA_SITE_PAGES?.split(",");

/** A few pages are looked at before the reference is written. */
const isThere = (path: string): boolean => only === undefined || existsSync(`${docs}${path}`);

const sidebar = SECTIONS.map(({ title, pages }, i) => ({
  text: title,
  collapsed: i > 3,
  items: pages.filter(isThere).map((path) => ({ text: pageAt(docs, path).title, link: addressOf(path) })),
}));

export default defineConfig({
  title: "Fermata",
  description:
    "A JavaScript and TypeScript virtual machine that can stop anywhere, become a few hundred bytes, and go on later.",
  base: process.env.FERMATA_SITE_BASE ?? "/",
  outDir: process.env.FERMATA_SITE_OUT ?? "../build/site",
  srcExclude: only === undefined ? [] : pagesIn(docs).filter((path) => !only.includes(path)),
  cacheDir: "../.cache/vitepress",
  rewrites: { ":folder/README.md": ":folder/index.md" },
  head: [
    [
      "link",
      {
        rel: "icon",
        href: `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>${FERMATA}</svg>`,
      },
    ],
  ],
  markdown: {
    anchor: { slugify: slugOf },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(md) {
      runnableBlocks(md);
      keepLinksInside(md);
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      {
        text: "Guide",
        link: "/start",
        activeMatch: "^/(start|api|driving|recording|hold-for-days|promises|command-line|hosts/)",
      },
      { text: "Reference", link: "/reference/" },
      { text: "Security", link: "/security" },
      { text: "Compared", link: "/comparison" },
      { text: "Playground", link: "/playground/index.html", target: "_self", noIcon: true },
    ],
    sidebar,
    socialLinks: [],
  },
  vite: {
    plugins: [servePackage()],
    build: { reportCompressedSize: false },
  },
  transformPageData(page) {
    if (page.relativePath === HOME) page.frontmatter.layout ??= "home";
  },
  // The playground is built beside the pages, after them.
  ignoreDeadLinks: only !== undefined || [/^\/playground\//],
  buildEnd: ({ outDir }) => finishSite(docs, outDir, only),
});
