// Owns what stands around every generated program: the guest functions by which it reports, ends, and meets guest code in unusual
// places. They are in the program, so both engines run the same text. Must never call what the program may have changed.

import { list, other, type Tree } from "./tree.ts";

/** Around the stack of an error: where it begins is compared, the rest is not. */
export const STACK = "\u0001stack\u0001";
/** Written when an error is about to leave the program: what is still to be done then is left open. */
export const OUT = "\u0002out\u0002";

/** Ticks after which every function call and every turn of a loop throws. */
const TICKS = 250;
/** Lines of a trace. */
const LINES = 200;

// $it: where it answers with no object (2) it is an async iterator as well, for V8 closes it where for await should not. $cmp: a
// comparator that is not in the trace, for which elements a sort compares is left open. $pow: the last digits of powers are an engine's own.
/**
 * Functions of iterators that the host may not have yet, and `constructor`, which moved: what one engine lacks, neither has. The newer
 * the host, the more is compared.
 */
const ITERATORS = [
  "constructor",
  "drop",
  "every",
  "filter",
  "find",
  "flatMap",
  "forEach",
  "includes",
  "map",
  "reduce",
  "some",
  "take",
  "toArray",
];
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object;
const LACKING = ITERATORS.filter((name) => !Object.hasOwn(iterators, name));

const HELPERS = `
const {ownKeys:$keys,getOwnPropertyDescriptor:$desc,getPrototypeOf:$proto,apply:$apply,defineProperty:$def}=Reflect,$String=String,$isArray=Array.isArray,$Error=Error,$Map=Map,$Set=Set,
$sym=Symbol.iterator,$asym=Symbol.asyncIterator,$join=Array.prototype.join,$slice=String.prototype.slice,$out=console.log,$global=globalThis,$big=BigInt.asIntN,$Object=Object,
$mapEach=Map.prototype.forEach,$setEach=Set.prototype.forEach,$Promise=Promise,$Proxy=Proxy,$Reflect=Reflect,$create=Object.create,$is=Object.is,
$finite=isFinite,$precise=Number.prototype.toPrecision;
let $ticks=0,$lines=0,$quiet=false;for(const k of ${JSON.stringify(LACKING)})delete $proto($proto([].values()))[k];Function.prototype.toString=()=>"function";Error.prototype.toString=()=>"error";const $proxies=[];
function $add(list,text){$def(list,list.length,{value:text,writable:true,enumerable:true,configurable:true})}
const $intrinsics=[];
for(const f of [Object,Function,Array,Error,TypeError,Map,Set,Promise,Symbol,Number,String,Boolean,BigInt,Proxy,Math,JSON,Reflect,$global,$proto(async function(){}),$proto([].values()),$proto(new Map().keys()),$proto(new Set().keys()),$proto(function*(){}),$proto($proto([].values()))])for(const o of [f,f.prototype])if(o)$add($intrinsics,o);
function $own(v){for(let i=0;i<$intrinsics.length;i++)if($intrinsics[i]===v)return{own:1};return v}
function $keyed(v){return typeof v==="function"?{own:1}:$own(v)}
function $t(){if(!$quiet&&++$ticks>${TICKS})throw"budget"}
function $str(v,d){
if(typeof v==="string")return d===0?v:'"'+v+'"';
if(typeof v==="number")return $is(v,-0)?"-0":$String(v);
if(typeof v==="bigint")return $String(v)+"n";
if(typeof v==="symbol")return $String(v);
if(v===null||typeof v!=="object"&&typeof v!=="function")return $String(v);
if(v===$global)return"global";if($own(v)!==v)return"intrinsic";
try{
if(typeof v==="function"){const n=$desc(v,"name");return"fn "+(n?typeof n.value==="string"?'"'+n.value+'"':typeof n.value:"-")}
if(v instanceof $Error)return"error "+$str(v.name,1);
if(d>2)return"…";
const list=[];
if(v instanceof $Map){$apply($mapEach,v,[(x,k)=>$add(list,$str(k,d+1)+"=>"+$str(x,d+1))]);return"Map{"+$apply($join,list,[","])+"}"}
if(v instanceof $Set){$apply($setEach,v,[x=>$add(list,$str(x,d+1))]);return"Set{"+$apply($join,list,[","])+"}"}
const keys=$keys(v),array=$isArray(v);
for(let i=0;i<keys.length&&i<10;i++){
const k=keys[i],p=$desc(v,k);
if(k==="stack")continue;
if(p===undefined){$add(list,$String(k)+"?");continue}
if(array&&k==="length"){$add(list,"#"+p.value);continue}
$add(list,(p.enumerable?"":"!")+$String(k)+":"+("value"in p?$str(p.value,d+1):(p.get?"get":"")+(p.set?"set":"")))}
return(array?"[":v instanceof $Promise?"promise{":"{")+$apply($join,list,[","])+(array?"]":"}")
}catch(e){return"<"+(typeof e==="object"&&e!==null&&e instanceof $Error?e.name:"threw")+">"}}
function log(...a){if($quiet||++$lines>${LINES})return;let s="";for(let i=0;i<a.length;i++)s+=(i?" ":"")+$str(a[i],i===0?0:1);$out(s)}
function $cmp(x,y){$quiet=true;try{x=$str(x,1);y=$str(y,1)}finally{$quiet=false}return x<y?1:x>y?-1:0}
function $pow(v){return typeof v==="number"&&$finite(v)?+$apply($precise,v,[12]):v}
function $two(f){return function(x,y){return $apply(f,this,[x,y])}}
function $stackless(v){delete v.stack;return v}
function $s(v){
if(typeof v==="string")return v.length>60?$apply($slice,v,[0,40]):v;
if(typeof v==="bigint")return $big(80,v);
if(typeof v==="object"&&$isArray(v)){try{if(v.length>20)v.length=20}catch{}}
return v}
function $it(name,n,how){
let i=0;
const r={next(x){$t();log(name+".next",x);if(how===1&&i===1)throw name;if(how===2)return i;return{value:how===3?$Promise.resolve(i):i,done:i++>=n}},[$sym](){log(name+".iter");return this}};
if(how!==4)r.return=function(x){log(name+".return",x);if(how===5)throw name+"!";if(how===6)return 1;return{value:x,done:true}};
if(how===7)r.throw=function(x){log(name+".throw",x);return{value:x,done:i>2}};
if(how===2||how===8)r[$asym]=function(){log(name+".aiter");return this};
if(how===8){const next=r.next;r.next=async function(x){return next.call(this,x)}}
return r}
function $o(name,p,how){
if(how===0)return{valueOf(){$t();log(name+".valueOf");return p},toString(){log(name+".toString");return"s"+name}};
if(how===1)return{[Symbol.toPrimitive](h){$t();log(name+".prim",h);return p}};

if(how===3)return{get[Symbol.toPrimitive](){log(name+".get");return undefined},valueOf(){return p}};
return{valueOf(){$t();log(name+".valueOf");throw name}}}
function $px(name,t){
const h={};
for(const k of $keys($Reflect))if(typeof k==="string"&&(typeof t!=="function"||k!=="ownKeys"&&k!=="getOwnPropertyDescriptor"))h[k]=(...a)=>{$t();log(name+"."+k,typeof a[1]==="symbol"||typeof a[1]==="string"?a[1]:0);return $Reflect[k](...a)};
return $pr(new $Proxy($own(t),h))}
function $pr(p){$add($proxies,p);return p}
function $isp(v){for(let i=0;i<$proxies.length;i++)if($proxies[i]===v)return true;return false}
function $fi(v){
for(let o=v;typeof o==="object"&&o!==null||typeof o==="function";o=$proto(o))if($isp(o))return{px:1};
return v}
function $lg(name,how){
const o={};
for(let i=0;i<6;i++){const k="abxym0"[i];$def(o,k,{enumerable:true,configurable:true,get(){$t();log(name+"."+k);if(how===i)throw name;return how===6?undefined:i},set(v){log(name+"."+k+"=",v)}})}
return o}
function $th(name,v,how){return{get then(){$t();log(name+".then");if(how===2)throw name;return how===3?undefined:(a,b)=>{log(name+".called");how===1?b(v):a(v);a(0)}}}}
function $e(label,e){
log(label,e);
if($quiet||$lines>${LINES}||typeof e!=="object"||$isp(e))return;
try{if(!(e instanceof $Error))return;const p=$desc(e,"stack");if(p)$out("${STACK}"+(p.get?$apply(p.get,e,[]):p.value)+"${STACK}")}catch{}}
function $tag(s,...v){$t();log("tag",s.length,s.raw[0],v.length);return s[0]}
$global.structuredClone=$global.queueMicrotask=undefined;let $last;
`.replaceAll("\n", "");

/** One generated body. */
export interface Body {
  readonly tree: Tree;
  readonly strict: boolean;
}

/** The line on which the first body begins. */
export const FIRST_LINE = 3;

/**
 * A whole program around bodies, one or several: each begins with counters of its own, and what throws out of it is in the trace,
 * unless it is the last one's and may leave the program. The text of functions is left out of the comparison.
 */
export function framed(bodies: readonly Body[], isOpen = false): Tree {
  const mains = bodies.map(({ tree, strict }, i) => {
    const left = isOpen && i === bodies.length - 1 ? `$out("${OUT}");throw e` : `$e("uncaught",e)`;
    return other`$ticks=0;$lines=0;try{$last=(function () {${strict ? ' "use strict";' : ""}\n${tree}\n}).call({ self: 1 }); log("end"); } catch (e) {${left}}\n`;
  });
  return other`${HELPERS}\n${list(mains, "")}$lines+":"+$str($last,1)\n`;
}
