// Owns the rows of generators, async generators and the constructors of generator and async functions.
import { alias, CONFIGURABLE, constructor, method, object, value, type BuiltinFile } from "./rows.ts";

export const GENERATOR: BuiltinFile = {
  rows: [
    // https://tc39.es/ecma262/#sec-generatorfunction-objects
    object("GeneratorFunctionPrototype", { parent: "Function.prototype", intrinsic: "GeneratorFunctionPrototype" }),
    constructor("GeneratorFunction", 1, "js", { prototype: null, parent: "Function", global: false }),
    alias("GeneratorFunction", "prototype", "GeneratorFunctionPrototype", 0),
    alias("GeneratorFunctionPrototype", "constructor", "GeneratorFunction", CONFIGURABLE),
    value("GeneratorFunctionPrototype", "[Symbol.toStringTag]", "GeneratorFunction", CONFIGURABLE),

    // https://tc39.es/ecma262/#sec-generator-objects
    object("GeneratorPrototype", { parent: "Iterator.prototype", intrinsic: "GeneratorPrototype" }),
    alias("GeneratorFunctionPrototype", "prototype", "GeneratorPrototype", CONFIGURABLE),
    alias("GeneratorPrototype", "constructor", "GeneratorFunctionPrototype", CONFIGURABLE),
    method("GeneratorPrototype", "next", 1, "native"),
    method("GeneratorPrototype", "return", 1, "native"),
    method("GeneratorPrototype", "throw", 1, "native"),
    value("GeneratorPrototype", "[Symbol.toStringTag]", "Generator", CONFIGURABLE),

    // https://tc39.es/ecma262/#sec-asynciteratorprototype
    object("AsyncIteratorPrototype", { intrinsic: "AsyncIteratorPrototype" }),
    method("AsyncIteratorPrototype", "[Symbol.asyncIterator]", 0, "native"),
    method("AsyncIteratorPrototype", "[Symbol.asyncDispose]", 0, "js"),

    // https://tc39.es/ecma262/#sec-asyncgeneratorfunction-objects
    object("AsyncGeneratorFunctionPrototype", { parent: "Function.prototype", intrinsic: "AsyncGeneratorFunctionPrototype" }),
    constructor("AsyncGeneratorFunction", 1, "js", { prototype: null, parent: "Function", global: false }),
    alias("AsyncGeneratorFunction", "prototype", "AsyncGeneratorFunctionPrototype", 0),
    alias("AsyncGeneratorFunctionPrototype", "constructor", "AsyncGeneratorFunction", CONFIGURABLE),
    value("AsyncGeneratorFunctionPrototype", "[Symbol.toStringTag]", "AsyncGeneratorFunction", CONFIGURABLE),

    // https://tc39.es/ecma262/#sec-asyncgenerator-objects
    object("AsyncGeneratorPrototype", { parent: "AsyncIteratorPrototype", intrinsic: "AsyncGeneratorPrototype" }),
    alias("AsyncGeneratorFunctionPrototype", "prototype", "AsyncGeneratorPrototype", CONFIGURABLE),
    alias("AsyncGeneratorPrototype", "constructor", "AsyncGeneratorFunctionPrototype", CONFIGURABLE),
    method("AsyncGeneratorPrototype", "next", 1, "native"),
    method("AsyncGeneratorPrototype", "return", 1, "native+js"),
    method("AsyncGeneratorPrototype", "throw", 1, "native"),
    value("AsyncGeneratorPrototype", "[Symbol.toStringTag]", "AsyncGenerator", CONFIGURABLE),

    // https://tc39.es/ecma262/#sec-async-function-objects
    object("AsyncFunctionPrototype", { parent: "Function.prototype", intrinsic: "AsyncFunctionPrototype" }),
    constructor("AsyncFunction", 1, "js", { prototype: null, parent: "Function", global: false }),
    alias("AsyncFunction", "prototype", "AsyncFunctionPrototype", 0),
    alias("AsyncFunctionPrototype", "constructor", "AsyncFunction", CONFIGURABLE),
    value("AsyncFunctionPrototype", "[Symbol.toStringTag]", "AsyncFunction", CONFIGURABLE),

    // https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%-object
    object("AsyncFromSyncIteratorPrototype", { parent: "AsyncIteratorPrototype", intrinsic: "AsyncFromSyncIteratorPrototype" }),
    method("AsyncFromSyncIteratorPrototype", "next", 1, "js"),
    method("AsyncFromSyncIteratorPrototype", "return", 1, "js"),
    method("AsyncFromSyncIteratorPrototype", "throw", 1, "js"),
  ],
  natives: ["asyncGeneratorHeadValue", "asyncGeneratorRejectHead", "asyncGeneratorAwaitHead", "asyncGeneratorEnqueueReturn"],
};
