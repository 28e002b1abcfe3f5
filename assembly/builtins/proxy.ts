// Owns the making and revoking of proxies. Must never look into a target or a handler: the internal methods of proxies are in
// ts/prelude/proxy-traps.js. https://tc39.es/ecma262/#sec-proxy-objects
import { addressOf, boxInt, boxObject, boxString, isObject, NULL, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Atom, atomAt, intrinsic, Intrinsic } from "../generated/intrinsics";
import { BOUND_ARGS, BOUND_BOUND_THIS, BOUND_TARGET, Kind, KIND_END, PROXY_HANDLER, PROXY_TARGET } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { argAt, newTargetOf } from "../interpreter/native";
import { isCallableObject, isConstructorObject } from "../objects/function";
import { addProperty, newObject, newObjectOfShape } from "../objects/object";
import { CALLABLE, CONFIGURABLE, newRootShape, PROXY_CONSTRUCTOR } from "../objects/shape";

/** https://tc39.es/ecma262/#sec-proxycreate */
function create(target: Value, handler: Value): Value {
  if (!isObject(target) || !isObject(handler)) {
    return throwLiteral(ErrorKind.TypeError, "Cannot create proxy with a non-object as target or handler");
  }
  const to = addressOf(target);
  let proxy: usize;
  if (isCallableObject(to)) {
    const flags = isConstructorObject(to) ? CALLABLE | PROXY_CONSTRUCTOR : CALLABLE;
    proxy = newObjectOfShape(Kind.PROXY, newRootShape(0, <usize>load<u8>(KIND_END + <usize>Kind.PROXY), 0, flags));
  } else proxy = newObject(Kind.PROXY, 0, 0);
  store<u64>(proxy, target, PROXY_TARGET);
  store<u64>(proxy, handler, PROXY_HANDLER);
  return boxObject(proxy);
}

/** https://tc39.es/ecma262/#sec-proxy-target-handler */
export function proxyConstructor(area: usize, argc: i32): Value {
  if (newTargetOf() == UNDEFINED) return throwLiteral(ErrorKind.TypeError, "Constructor Proxy requires 'new'");
  return create(argAt(area, argc, 0), argAt(area, argc, 1));
}

/** (target, handler): a proxy */
export function proxyCreate(area: usize, argc: i32): Value {
  return create(argAt(area, argc, 0), argAt(area, argc, 1));
}

/** (revoke, proxy): the function that Proxy.revocable hands out, a bound function without a name. */
export function proxyRevoker(area: usize, argc: i32): Value {
  const bound = newObject(Kind.BOUND, addressOf(intrinsic(Intrinsic.FunctionPrototype)), 2);
  store<u32>(bound, <u32>addressOf(argAt(area, argc, 0)), BOUND_TARGET);
  store<u32>(bound, 0, BOUND_ARGS);
  store<u64>(bound, argAt(area, argc, 1), BOUND_BOUND_THIS);
  addProperty(bound, atomAt(Atom.length), boxInt(0), CONFIGURABLE);
  addProperty(bound, atomAt(Atom.name), boxString(atomAt(Atom.empty)), CONFIGURABLE);
  return boxObject(bound);
}

/** (proxy) https://tc39.es/ecma262/#sec-proxy-revocation-functions */
export function proxyRevoke(area: usize, argc: i32): Value {
  const proxy = addressOf(argAt(area, argc, 0));
  store<u64>(proxy, NULL, PROXY_TARGET);
  store<u64>(proxy, NULL, PROXY_HANDLER);
  return UNDEFINED;
}
