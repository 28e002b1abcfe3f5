// Owns the library `fermata-vm/web-fetch`: what is said with HTTP, and the bytes it carries.

import { define, defineFunction } from "../shared/idl.js";
import { Blob, File } from "./blob.js";
import { fetch } from "./fetch.js";
import { FormData } from "./form-data.js";
import { Headers } from "./headers.js";
import { Request } from "./request.js";
import { Response } from "./response.js";

define(Blob, "Blob");
define(File, "File");
define(FormData, "FormData");
define(Headers, "Headers");
define(Request, "Request");
define(Response, "Response");
Object.defineProperty(fetch, "name", { value: "fetch", configurable: true });
defineFunction("fetch", fetch);
