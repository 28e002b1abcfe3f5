// Owns the library `fermata-vm/temporal`: Temporal of temporal-polyfill, with all calendars that are computed. It takes time zones from
// intl.js, which is in the place of the global Intl here.

import { Temporal, toTemporalInstant } from "temporal-polyfill/full/implementation";

const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });

Object.defineProperty(globalThis, "Temporal", hidden(Temporal));
const { prototype } = Date;
Object.defineProperty(prototype, "toTemporalInstant", hidden(toTemporalInstant));
