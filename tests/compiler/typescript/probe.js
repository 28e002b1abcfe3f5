(named) => {
  const seen = new Map();
  let budget = 400;
  const describe = (value, depth) => {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (Object.is(value, -0)) return "-0";
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return String(value);
    if (seen.has(value)) return `#${seen.get(value)}`;
    seen.set(value, seen.size);
    if (--budget < 0 || depth > 4) return "…";
    const kind = typeof value === "function" ? `function ${value.name}/${value.length}` : Object.prototype.toString.call(value);
    const parts = [];
    for (const key of Reflect.ownKeys(value)) {
      // A stack says where the code stands, which is not the same on both sides.
      if (key === "stack" || (typeof value === "function" && (key === "name" || key === "length"))) continue;
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      const flags = `${property.writable ? "w" : ""}${property.enumerable ? "e" : ""}${property.configurable ? "c" : ""}`;
      const part = property.get || property.set ? `${property.get ? "get" : ""}${property.set ? "set" : ""}` : describe(property.value, depth + 1);
      parts.push(`${String(key)}[${flags}]: ${part}`);
    }
    if (typeof value === "function" && depth < 4) parts.push(`new: ${attempt(() => Reflect.construct(value, []), depth)}`, `call: ${attempt(() => value(), depth)}`);
    return `${kind} { ${parts.join(", ")} }`;
  };
  const attempt = (work, depth) => {
    if (--budget < 0) return "…";
    try {
      return describe(work(), depth + 1);
    } catch (error) {
      // What is no constructor is named by its text, which has types on one side.
      const message = String(error?.message).replace(/^[^]* (?=is not a constructor$)/, "");
      return `throws ${error instanceof Error ? `${error.name}: ${message}` : String(error)}`;
    }
  };
  for (const [name, get] of Object.entries(named)) console.log(`${name} = ${attempt(get, 0)}`);
};
