// Owns decorators and auto-accessors: what class definitions with them do beside instructions of their own.
// https://tc39.es/proposal-decorators/ and https://tc39.es/proposal-decorator-metadata/ Must never run a decorator while a class is
// only half evaluated: they run when all elements are there.
//
// A decoration, one per class that has decorators: { target, prototype, metadata, elements, methodInitializers,
// staticInitializers, classInitializers }. An element: { kind, flags, key, name, getter, setter, decorators, initializers,
// extras }, where getter also holds methods, and setters are in getter unless both are there. Decorators are lists of function, this,
// function, this … Lists are internal arrays. Both kinds of records are plain objects that no guest sees.
//
// kind: 0 method, 1 getter, 2 setter, 3 field, 4 accessor; flags: 1 static, 2 private.

// --- auto-accessors --------------------------------------------------------------------------------------------------

// The functions are made in array literals, where they get no name: the class gives them theirs.

/** https://tc39.es/proposal-decorators/#sec-makeautoaccessorgetter */
function accessorGetter(storage) {
  return [
    function () {
      return $getPrivate(this, storage);
    },
  ][0];
}

/** https://tc39.es/proposal-decorators/#sec-makeautoaccessorsetter */
function accessorSetter(storage) {
  return [
    function (value) {
      $setPrivate(this, storage, value);
    },
  ][0];
}

// --- definition ------------------------------------------------------------------------------------------------------

function beginDecoration(target, prototype, isDerived) {
  const parent = isDerived ? $getPrototypeOf(target)[$Symbol_metadata] : null;
  const metadata = $newObject($isObject(parent) ? parent : null);
  return {
    target,
    prototype,
    metadata,
    elements: $newArray(4),
    methodInitializers: $newArray(0),
    staticInitializers: $newArray(0),
    classInitializers: $newArray(0),
  };
}

function addElement(decoration, kind, flags, key, name, getter, setter, decorators) {
  if (name === undefined) name = typeof key === "number" ? $toString(key) : key;
  const element = {
    kind,
    flags,
    key,
    name,
    getter,
    setter,
    decorators,
    initializers: $newArray(0),
    extras: undefined,
  };
  element.extras =
    kind > 2 ? $newArray(0) : (flags & 1) !== 0 ? decoration.staticInitializers : decoration.methodInitializers;
  $arrayAppend(decoration.elements, element);
  return element;
}

/** What the decorators made of the function of a private element; which: 0 the first, 1 the setter of an accessor */
function elementFunction(element, which) {
  return which === 0 ? element.getter : element.setter;
}

/** Applies the decorators of the element with that number, and defines it if it is a public method or accessor. */
function applyElement(decoration, index) {
  $applyToElement(decoration, decoration.elements[index]);
}

/** Applies the decorators of the class itself, when those of all elements have run; the class that comes out. */
function applyDecorators(decoration, decorators) {
  if (decorators !== undefined) $applyToClass(decoration, decorators);
  $definePropertyOrThrow(decoration.target, $Symbol_metadata, decoration.metadata, 7);
  return decoration.target;
}

/** https://tc39.es/proposal-decorators/#sec-applydecoratorstoelementdefinition and the definition of methods after it */
function applyToElement(decoration, element) {
  const { kind, flags, key, decorators } = element;
  if (decorators !== undefined) {
    for (let i = decorators.length - 2; i >= 0; i -= 2) {
      const value = kind === 3 ? undefined : kind === 4 ? { get: element.getter, set: element.setter } : element.getter;
      const state = { finished: false };
      const context = $elementContext(decoration, element, state);
      const result = $callDecorator(decorators[i], decorators[i + 1], value, context);
      state.finished = true;
      if (result !== undefined) $takeResult(element, result);
    }
  }
  if (kind === 3 || (flags & 2) !== 0) return;
  const home = (flags & 1) !== 0 ? decoration.target : decoration.prototype;
  if (kind === 0) $definePropertyOrThrow(home, key, element.getter, 5);
  if (kind === 1 || kind === 4) $defineHalf(home, key, [452, undefined, element.getter, undefined]);
  if (kind === 2) $defineHalf(home, key, [708, undefined, undefined, element.getter]);
  if (kind === 4) $defineHalf(home, key, [708, undefined, undefined, element.setter]);
}

function defineHalf(home, key, descriptor) {
  if (!$defineOwnProperty(home, key, descriptor)) $throwTypeError("Cannot redefine property: " + $keyText(key));
}

function callDecorator(decorator, receiver, value, context) {
  if (!$isCallable(decorator)) $throwTypeError("The decorator " + $describe(decorator) + " is not a function");
  return $call(decorator, receiver, value, context);
}

function takeResult(element, result) {
  if (element.kind !== 4) {
    if (!$isCallable(result)) $throwTypeError("A decorator must return a function or undefined");
    if (element.kind === 3) $arrayAppend(element.initializers, result);
    else element.getter = result;
    return;
  }
  if (!$isObject(result)) $throwTypeError("The decorator of an accessor must return an object or undefined");
  const getter = $callableOrUndefined(result.get, "get");
  const setter = $callableOrUndefined(result.set, "set");
  const init = $callableOrUndefined(result.init, "init");
  if (getter !== undefined) element.getter = getter;
  if (setter !== undefined) element.setter = setter;
  if (init !== undefined) $arrayAppend(element.initializers, init);
}

function callableOrUndefined(f, name) {
  if (f !== undefined && !$isCallable(f))
    $throwTypeError("The decorator of an accessor must return functions: '" + name + "' is none");
  return f;
}

/** https://tc39.es/proposal-decorators/#sec-createdecoratorcontextobject */
function elementContext(decoration, element, state) {
  const { kind, flags } = element;
  return {
    kind: kind === 0 ? "method" : kind === 1 ? "getter" : kind === 2 ? "setter" : kind === 3 ? "field" : "accessor",
    name: element.name,
    static: (flags & 1) !== 0,
    private: (flags & 2) !== 0,
    access: $elementAccess(kind, element.key, (flags & 2) !== 0),
    metadata: decoration.metadata,
    addInitializer: $initializerAdder(element.extras, state),
  };
}

/** https://tc39.es/proposal-decorators/#sec-createdecoratoraccessobject */
function elementAccess(kind, key, isPrivate) {
  const access = isPrivate ? { has: (object) => $hasPrivate(object, key) } : { has: (object) => key in object };
  if (kind !== 2)
    $createDataProperty(access, "get", isPrivate ? (object) => $getPrivate(object, key) : (object) => object[key]);
  if (kind > 1)
    $createDataProperty(
      access,
      "set",
      isPrivate
        ? (object, value) => {
            $setPrivate(object, key, value);
          }
        : (object, value) => {
            object[key] = value;
          },
    );
  return access;
}

function initializerAdder(list, state) {
  return {
    addInitializer(initializer) {
      if (state.finished) $throwTypeError("An initializer cannot be added once the decorator has returned");
      if (!$isCallable(initializer)) $throwTypeError("An initializer must be a function");
      $arrayAppend(list, initializer);
    },
  }.addInitializer;
}

/** https://tc39.es/proposal-decorators/#sec-applydecoratorstoclassdefinition */
function applyToClass(decoration, decorators) {
  const own = $getOwnProperty(decoration.target, "name");
  const name = own !== undefined && typeof own[1] === "string" ? own[1] : "";
  for (let i = decorators.length - 2; i >= 0; i -= 2) {
    const state = { finished: false };
    const context = {
      kind: "class",
      name,
      metadata: decoration.metadata,
      addInitializer: $initializerAdder(decoration.classInitializers, state),
    };
    const result = $callDecorator(decorators[i], decorators[i + 1], decoration.target, context);
    state.finished = true;
    if (result === undefined) continue;
    if (!$isCallable(result)) $throwTypeError("The decorator of a class must return a function or undefined");
    decoration.target = result;
  }
}

// --- construction ----------------------------------------------------------------------------------------------------

/** The value a decorated field or accessor begins with: from the outermost decorator inwards. */
function initializeElement(element, receiver, value) {
  const list = element.initializers;
  for (let i = list.length - 1; i >= 0; i--) value = $call(list[i], receiver, value);
  return value;
}

function runInitializers(list, receiver) {
  for (let i = 0; i < list.length; i++) $call(list[i], receiver);
}

/** What the decorators of a field or accessor wanted done once it is there. */
function finishElement(element, receiver) {
  $runInitializers(element.extras, receiver);
}

/** which: 0 methods of instances, 1 static ones, 2 the class itself */
function runDecoration(decoration, receiver, which) {
  $runInitializers(
    which === 0
      ? decoration.methodInitializers
      : which === 1
        ? decoration.staticInitializers
        : decoration.classInitializers,
    receiver,
  );
}
