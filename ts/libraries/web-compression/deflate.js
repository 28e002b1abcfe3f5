// Owns what of fflate is loaded when something is compressed.

export { Deflate, Gzip, Zlib } from "fflate";
