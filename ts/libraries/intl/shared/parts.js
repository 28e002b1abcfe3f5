// Owns lists of parts, [type, text, source], as `formatToParts` shows them. Must never know of what they are parts.

/** Leaves out what is empty; literals of one source beside each other are one. */
export function joined(parts) {
  const result = [];
  for (let i = 0; i < parts.length; i++) {
    const last = result[result.length - 1];
    if (parts[i][1] === "") continue;
    if (last !== undefined && last[0] === "literal" && parts[i][0] === "literal" && last[2] === parts[i][2])
      result[result.length - 1] = ["literal", last[1] + parts[i][1], last[2]];
    else result[result.length] = parts[i];
  }
  return result;
}
