// Owns the library `fermata-vm/web-url`: URL and URLSearchParams.

import { define } from "../shared/idl.js";
import { URL, URLSearchParams } from "./url.js";

define(URL, "URL");
define(URLSearchParams, "URLSearchParams");
