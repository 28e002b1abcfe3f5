// Owns the library `fermata-vm/web-urlpattern`: URLPattern of urlpattern-polyfill.

import { URLPattern } from "urlpattern-polyfill/urlpattern";
import { define } from "../shared/idl.js";

define(URLPattern, "URLPattern");
