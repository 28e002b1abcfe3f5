// The default theme of VitePress in Fermata's colours, with the block that runs examples.

import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import Layout from "./Layout.vue";
import RunBlock from "./RunBlock.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component("RunBlock", RunBlock);
  },
} satisfies Theme;
