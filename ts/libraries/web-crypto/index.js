// Owns the library `fermata-vm/web-crypto`: `crypto.subtle` with digests and HMAC. Every other algorithm rejects: its keys would lie in
// snapshots, and what needs a secret belongs to the host.
// https://w3c.github.io/webcrypto/

import { define, isObject, need } from "../shared/idl.js";

/** Given to constructors by this library only. */
const OWN = Symbol("made by this library");

const USAGES = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];

const library = () => require("./hashes.js");

const notSupported = (what) => new DOMException(`${what} is not supported`, "NotSupportedError");

/** https://w3c.github.io/webcrypto/#dfn-normalize-an-algorithm, without what single algorithms add. */
function nameOf(algorithm) {
  if (!isObject(algorithm)) return `${algorithm}`.toUpperCase();
  if (algorithm.name === undefined) throw new TypeError("Algorithm: name: Missing or not a string");
  return `${algorithm.name}`.toUpperCase();
}

function hashOf(algorithm) {
  const name = nameOf(algorithm);
  if (!Object.hasOwn(library().HASHES, name)) throw notSupported(`The algorithm ${name}`);
  return name;
}

function bytesOf(data, what) {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  if (data instanceof ArrayBuffer) return new Uint8Array(data).slice();
  throw new TypeError(`${what}: the data is not of type '(ArrayBuffer or ArrayBufferView)'`);
}

let stateOf;
let makeKey;

export class CryptoKey {
  #state = null;

  constructor(token = undefined) {
    if (token !== OWN) throw new TypeError("Illegal constructor");
  }

  static {
    makeKey = (state) => {
      const key = new CryptoKey(OWN);
      key.#state = state;
      return key;
    };
    stateOf = (key) => key.#state;
  }

  get type() {
    return (this.#state, "secret");
  }

  get extractable() {
    return this.#state.extractable;
  }

  get algorithm() {
    return this.#state.algorithm;
  }

  get usages() {
    return this.#state.usages;
  }
}

function usagesOf(list, allowed) {
  const usages = [...list].map((usage) => `${usage}`);
  for (const usage of usages)
    if (!USAGES.includes(usage)) throw new TypeError(`'${usage}' is not a valid enum value of type KeyUsage`);
  if (!usages.every((usage) => allowed.includes(usage)))
    throw new DOMException("Unsupported key usage for an HMAC key", "SyntaxError");
  return USAGES.filter((usage) => usages.includes(usage));
}

function hmacKey(secret, algorithm, extractable, usages) {
  if (nameOf(algorithm) !== "HMAC") throw notSupported(`The algorithm ${nameOf(algorithm)}`);
  if (algorithm.hash === undefined)
    throw new TypeError("HmacImportParams: hash: Missing or not an AlgorithmIdentifier");
  const hash = hashOf(algorithm.hash);
  const allowed = usagesOf(usages, ["sign", "verify"]);
  const bits = algorithm.length === undefined ? secret.length * 8 : Number(algorithm.length);
  if (secret.length === 0 || bits > secret.length * 8 || bits <= secret.length * 8 - 8)
    throw new DOMException("Invalid key length", "DataError");
  if (allowed.length === 0)
    throw new DOMException("Usages cannot be empty when importing a secret key.", "SyntaxError");
  return makeKey({
    secret,
    extractable: Boolean(extractable),
    algorithm: { name: "HMAC", hash: { name: hash }, length: bits },
    usages: allowed,
  });
}

function secretOfJwk(jwk, algorithm, extractable, usages) {
  const invalid = (what) => new DOMException(`Invalid JWK: ${what}`, "DataError");
  if (!isObject(jwk) || jwk.kty !== "oct" || typeof jwk.k !== "string") throw invalid('it is not one of type "oct"');
  const alg = { "SHA-1": "HS1", "SHA-256": "HS256", "SHA-384": "HS384", "SHA-512": "HS512" }[hashOf(algorithm.hash)];
  if (jwk.alg !== undefined && jwk.alg !== alg) throw invalid(`"alg" is not ${alg}`);
  if (jwk.use !== undefined && jwk.use !== "sig") throw invalid('"use" is not "sig"');
  if (jwk.ext === false && extractable) throw invalid("it may not be extracted");
  if (jwk.key_ops !== undefined && ![...usages].every((usage) => jwk.key_ops.includes(usage)))
    throw invalid('"key_ops" does not have the usages asked for');
  try {
    return Uint8Array.fromBase64(jwk.k, { alphabet: "base64url" });
  } catch {
    throw invalid('"k" is not base64url');
  }
}

/** The key of a call, if it may be used so. */
function usable(algorithm, key, usage) {
  const name = nameOf(algorithm);
  const state = isObject(key) && key instanceof CryptoKey ? stateOf(key) : null;
  if (state === null)
    throw new TypeError(`Failed to execute '${usage}' on 'SubtleCrypto': 2nd argument is not of type CryptoKey.`);
  if (name !== "HMAC") throw notSupported(`The algorithm ${name}`);
  if (!state.usages.includes(usage)) throw new DOMException(`Unable to use this key to ${usage}`, "InvalidAccessError");
  return state;
}

function mac({ secret, algorithm }, data) {
  const { HASHES, hmac } = library();
  return hmac(HASHES[algorithm.hash.name], secret, data);
}

export class SubtleCrypto {
  #isReal = true;

  constructor(token = undefined) {
    if (token !== OWN) throw new TypeError("Illegal constructor");
  }

  async digest(algorithm, data) {
    this.#check(2, arguments.length, "digest");
    const name = hashOf(algorithm);
    return library().HASHES[name](bytesOf(data, "digest")).buffer;
  }

  async sign(algorithm, key, data) {
    this.#check(3, arguments.length, "sign");
    return mac(usable(algorithm, key, "sign"), bytesOf(data, "sign")).buffer;
  }

  async verify(algorithm, key, signature, data) {
    this.#check(4, arguments.length, "verify");
    const given = bytesOf(signature, "verify");
    const own = mac(usable(algorithm, key, "verify"), bytesOf(data, "verify"));
    let difference = given.length ^ own.length;
    for (let at = 0; at < own.length; at++) difference |= own[at] ^ (given[at] ?? 0);
    return difference === 0;
  }

  async importKey(format, keyData, algorithm, extractable, keyUsages) {
    this.#check(5, arguments.length, "importKey");
    if (nameOf(algorithm) !== "HMAC") throw notSupported(`The algorithm ${nameOf(algorithm)}`);
    if (format !== "raw" && format !== "jwk") throw notSupported(`The key format ${format}`);
    const secret =
      format === "raw" ? bytesOf(keyData, "importKey") : secretOfJwk(keyData, algorithm, extractable, keyUsages);
    return hmacKey(secret, algorithm, extractable, keyUsages);
  }

  async exportKey(format, key) {
    this.#check(2, arguments.length, "exportKey");
    const { secret, algorithm, extractable, usages } = stateOf(key);
    if (!extractable) throw new DOMException("key is not extractable", "InvalidAccessError");
    if (format === "raw") return secret.slice().buffer;
    if (format !== "jwk") throw notSupported(`The key format ${format}`);
    const alg = `HS${algorithm.hash.name.slice(4)}`;
    const k = secret.toBase64({ alphabet: "base64url", omitPadding: true });
    return { key_ops: [...usages], ext: true, kty: "oct", k, alg };
  }

  async generateKey(algorithm, extractable, keyUsages) {
    this.#check(3, arguments.length, "generateKey");
    if (nameOf(algorithm) !== "HMAC") throw notSupported(`The algorithm ${nameOf(algorithm)}`);
    const bits = algorithm.length ?? (["SHA-384", "SHA-512"].includes(hashOf(algorithm.hash)) ? 1024 : 512);
    const secret = crypto.getRandomValues(new Uint8Array(Math.ceil(Number(bits) / 8)));
    return hmacKey(secret, algorithm, extractable, keyUsages);
  }

  #check(count, given, method) {
    if (this.#isReal) need(count, given, `'${method}' on 'SubtleCrypto'`);
  }

  static {
    for (const name of ["encrypt", "decrypt", "deriveBits", "deriveKey", "wrapKey", "unwrapKey"])
      Object.defineProperty(this.prototype, name, {
        value: {
          async [name](algorithm) {
            throw notSupported(`${name} with the algorithm ${nameOf(algorithm)}`);
          },
        }[name],
        writable: true,
        configurable: true,
      });
  }
}

define(CryptoKey, "CryptoKey");
define(SubtleCrypto, "SubtleCrypto");
const subtle = new SubtleCrypto(OWN);
Object.defineProperty(crypto, "subtle", { get: () => subtle, enumerable: true, configurable: true });
