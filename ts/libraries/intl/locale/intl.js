// Owns the object Intl itself. https://tc39.es/ecma402/#intl-object

import { canonicalLocales } from "../shared/locales.js";
import { define, defineAll } from "../shared/service.js";
import { supportedMethods } from "./supported.js";

/** Puts Intl into the realm; returns it. Services add themselves. */
export function installIntl() {
  const Intl = {};
  Object.defineProperty(Intl, Symbol.toStringTag, { value: "Intl", configurable: true });
  defineAll(Intl, {
    getCanonicalLocales(locales) {
      return canonicalLocales(locales);
    },
  });
  defineAll(Intl, supportedMethods);
  define(globalThis, "Intl", Intl);
  return Intl;
}
