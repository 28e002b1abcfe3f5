// Owns the library `fermata-vm/web-streams`: the streams of web-streams-polyfill, and those that carry text.

import * as streams from "web-streams-polyfill";
import { define, place } from "../shared/idl.js";
import { TextDecoderStream, TextEncoderStream } from "./text.js";

for (const [name, constructor] of Object.entries(streams)) place(constructor, name);
define(TextEncoderStream, "TextEncoderStream");
define(TextDecoderStream, "TextDecoderStream");
