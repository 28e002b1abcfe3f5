// Light, dark, or as the system has it: one button, kept in this browser.

import { byId } from "./dom.ts";

const KEY = "fermata-theme";
const NEXT: Readonly<Record<string, string>> = { automatic: "light", light: "dark", dark: "automatic" };

/** Applies the theme that was chosen, and lets the button choose. */
export function startTheme(): void {
  const button = byId("theme");
  const apply = (theme: string): void => {
    if (theme === "automatic") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    button.setAttribute("aria-label", `Colours: ${theme}`);
    button.title = `Colours: ${theme}`;
  };
  let theme = "automatic";
  try {
    theme = localStorage.getItem(KEY) ?? theme;
  } catch {
    // No storage in this frame.
  }
  if (NEXT[theme] === undefined) theme = "automatic";
  apply(theme);
  button.onclick = () => {
    theme = NEXT[theme]!;
    apply(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // As above.
    }
  };
}
