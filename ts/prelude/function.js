// Owns the parts of Function.prototype that may call guest code. https://tc39.es/ecma262/#sec-function-objects

/** https://tc39.es/ecma262/#sec-function.prototype.apply */
function functionPrototypeApply(thisArg, args) {
  return $callSpread(this, thisArg, $createListFromArrayLike(args));
}

/** https://tc39.es/ecma262/#sec-function.prototype.bind */
function functionPrototypeBind(thisArg, ...args) {
  const target = this;
  const prototype = $getPrototypeOf(target);
  let length = 0;
  if ($hasOwn(target, "length")) {
    const own = target.length;
    if (typeof own === "number") {
      if (own === Infinity) length = Infinity;
      else {
        const left = $truncate(own) - args.length;
        if (left > 0) length = left;
      }
    }
  }
  const name = target.name;
  return $makeBound(target, thisArg, args, length, typeof name === "string" ? name : "", prototype);
}

/** https://tc39.es/ecma262/#sec-function.prototype-%symbol.hasinstance% */
function functionPrototypeSymbolHasInstance(v) {
  return $ordinaryHasInstance(this, v);
}

/** Goes on with a long chain of calls that only pass their arguments on (callChain in the core). */
function callWithList(fn, receiver, args) {
  return $callSpread(fn, receiver, args);
}
