// Owns the methods of strings that make HTML. Must never be used by anything else: they are there because old programs call them.

// https://tc39.es/ecma262/#sec-createhtml
function createHtml(string, method, tag, attribute, value) {
  const s = $stringOfThis(string, method);
  if (attribute === "") return "<" + tag + ">" + s + "</" + tag + ">";
  const text = $stringReplaceAll($toString(value), '"', "&quot;");
  return "<" + tag + " " + attribute + '="' + text + '">' + s + "</" + tag + ">";
}

// https://tc39.es/ecma262/#sec-string.prototype.anchor
function stringPrototypeAnchor(name) {
  return $createHtml(this, "anchor", "a", "name", name);
}

// https://tc39.es/ecma262/#sec-string.prototype.big
function stringPrototypeBig() {
  return $createHtml(this, "big", "big", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.blink
function stringPrototypeBlink() {
  return $createHtml(this, "blink", "blink", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.bold
function stringPrototypeBold() {
  return $createHtml(this, "bold", "b", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.fixed
function stringPrototypeFixed() {
  return $createHtml(this, "fixed", "tt", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.fontcolor
function stringPrototypeFontcolor(color) {
  return $createHtml(this, "fontcolor", "font", "color", color);
}

// https://tc39.es/ecma262/#sec-string.prototype.fontsize
function stringPrototypeFontsize(size) {
  return $createHtml(this, "fontsize", "font", "size", size);
}

// https://tc39.es/ecma262/#sec-string.prototype.italics
function stringPrototypeItalics() {
  return $createHtml(this, "italics", "i", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.link
function stringPrototypeLink(url) {
  return $createHtml(this, "link", "a", "href", url);
}

// https://tc39.es/ecma262/#sec-string.prototype.small
function stringPrototypeSmall() {
  return $createHtml(this, "small", "small", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.strike
function stringPrototypeStrike() {
  return $createHtml(this, "strike", "strike", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.sub
function stringPrototypeSub() {
  return $createHtml(this, "sub", "sub", "", undefined);
}

// https://tc39.es/ecma262/#sec-string.prototype.sup
function stringPrototypeSup() {
  return $createHtml(this, "sup", "sup", "", undefined);
}
