// Owns the cases by which texts of fermata-vm/intl are compared with ICU's: a script that runs in the guest and in the host alike.
// `casesOf(section, locale)` lists `[what, how, arguments]`, all of it JSON; `resultOf(locale, case)` is the text.

const LOCALES = (
  "en en-GB en-IN en-AU en-CA en-ZA en-CH de de-AT de-CH fr fr-CA fr-CH es es-MX es-419 es-AR it it-CH pt pt-PT nl nl-BE pl cs da sv sv-FI" +
  " tr ru uk ar ar-EG ar-AE ar-MA he hi ja ko zh zh-TW zh-HK zh-Hant zh-SG en-150"
).split(" ");

const VALUES = [
  0, -0, 1, 1.5, -1, 2, 3, 5, 11, 21, 22, 99.995, 100, 999, 999.5, 1000, -1234.5, 1500, 9999, 12345, 99950, 123456.789, 1000000, 1234567,
  -25300000, 987654321, 1.5e9, 2e12, 1.234e15, 1e21, 0.1, 0.005, 0.000123, -0.0000045, NaN, Infinity, -Infinity,
];
const FEW_VALUES = [0, 1, -1.5, 2, 3, 5, 11, 21, 1234.56, 1e6, 1234567];

const NUMBER_OPTIONS = [
  {},
  { maximumFractionDigits: 1 },
  { minimumFractionDigits: 2 },
  { maximumSignificantDigits: 3 },
  { minimumIntegerDigits: 3, useGrouping: false },
  { useGrouping: "min2" },
  { useGrouping: "always" },
  { signDisplay: "always" },
  { signDisplay: "exceptZero" },
  { signDisplay: "negative" },
  { style: "percent" },
  { style: "percent", maximumFractionDigits: 2, signDisplay: "always" },
  { notation: "scientific" },
  { notation: "engineering", maximumFractionDigits: 1 },
  { notation: "compact" },
  { notation: "compact", compactDisplay: "long" },
  { notation: "compact", maximumSignificantDigits: 4 },
  { numberingSystem: "arab" },
  { numberingSystem: "deva" },
  { numberingSystem: "latn" },
  { roundingIncrement: 5, minimumFractionDigits: 2, maximumFractionDigits: 2 },
  { roundingMode: "floor", maximumFractionDigits: 1 },
  { roundingMode: "halfEven", maximumFractionDigits: 0 },
  { roundingPriority: "lessPrecision", maximumSignificantDigits: 2, maximumFractionDigits: 1 },
  { trailingZeroDisplay: "stripIfInteger", minimumFractionDigits: 2 },
];

const CURRENCIES = ["USD", "EUR", "GBP", "JPY", "INR", "CHF", "PLN", "KWD", "BRL", "CNY", "ILS", "SEK", "XYZ"];
const CURRENCY_OPTIONS = [
  {},
  { currencySign: "accounting" },
  { currencyDisplay: "code" },
  { currencyDisplay: "narrowSymbol" },
  { currencyDisplay: "name" },
  { notation: "compact" },
  { notation: "compact", compactDisplay: "long", currencyDisplay: "name" },
  { signDisplay: "always", currencySign: "accounting" },
  { maximumFractionDigits: 0 },
];
const UNITS = (
  "acre bit byte celsius centimeter day degree fahrenheit fluid-ounce foot gallon gigabyte gram hectare hour inch kilobit kilogram" +
  " kilometer liter megabyte meter microsecond mile milliliter millimeter millisecond minute month nanosecond ounce percent petabyte pound" +
  " second stone terabyte week yard year kilometer-per-hour meter-per-second mile-per-gallon liter-per-kilometer megabit-per-second" +
  " gram-per-liter kilometer-per-liter byte-per-day"
).split(" ");

function numberCases() {
  return NUMBER_OPTIONS.flatMap((options) => VALUES.map((value) => ["number", options, String(value)]));
}

function currencyCases() {
  return CURRENCY_OPTIONS.flatMap((options) =>
    CURRENCIES.flatMap((currency) =>
      [0, -1.5, 1, 1234.567, 2500000].map((value) => ["number", { ...options, style: "currency", currency }, String(value)]),
    ),
  );
}

function unitCases() {
  return UNITS.flatMap((unit) =>
    ["long", "short", "narrow"].flatMap((unitDisplay) =>
      [0, 1, 2, -3.5, 5, 11, 1234].map((value) => ["number", { style: "unit", unit, unitDisplay }, String(value)]),
    ),
  );
}

function rangeCases() {
  const options = [
    {},
    { style: "percent" },
    { style: "currency", currency: "EUR" },
    { style: "currency", currency: "USD", currencyDisplay: "name" },
    { style: "currency", currency: "CHF", signDisplay: "always" },
    { notation: "compact" },
    { notation: "compact", compactDisplay: "long" },
    { notation: "scientific" },
    { style: "unit", unit: "kilometer", unitDisplay: "long" },
    { style: "unit", unit: "day" },
  ];
  const pairs = [["1", "2"], ["0", "1"], ["3", "3"], ["-5", "2"], ["-5", "-2"], ["999", "1500"], ["1200000", "2500000"], ["2.999", "3.001"], ["5", "Infinity"]];
  return options.flatMap((how) => pairs.map((pair) => ["range", how, pair]));
}

const partCases = () =>
  [...numberCases(), ...currencyCases(), ...unitCases()].filter((_, index) => index % 11 === 0).map(([, how, value]) => ["parts", how, value]);

function pluralCases() {
  const values = [0, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20, 21, 22, 23, 25, 42, 80, 100, 101, 102, 103, 111, 112, 121, 800, 1000, 1000000, 0.1, 1.1, 2.5];
  const cases = [];
  for (const type of ["cardinal", "ordinal"]) {
    for (const value of values) cases.push(["plural", { type }, value]);
    cases.push(["categories", { type }, 0]);
  }
  for (const value of values) cases.push(["plural", { minimumFractionDigits: 2 }, value]);
  for (const pair of [[0, 1], [1, 2], [1, 5], [2, 3], [102, 201], [1, 1.5], [3, 11]]) cases.push(["plural-range", {}, pair]);
  return cases;
}

function listCases() {
  const lists = [[], ["A"], ["A", "B"], ["A", "B", "C"], ["A", "B", "C", "D", "E"], ["España", "Italia"], ["Ana", "Iglesias"], ["7", "8"], ["a", "hielo"], ["x", "oro"], ["א", "ב"], ["א", "A"], ["א", "ב", "C"]];
  const cases = [];
  for (const type of ["conjunction", "disjunction", "unit"])
    for (const style of ["long", "short", "narrow"]) for (const list of lists) cases.push(["list", { type, style }, list]);
  return cases;
}

function relativeCases() {
  const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
  const cases = [];
  for (const numeric of ["always", "auto"])
    for (const style of ["long", "short", "narrow"])
      for (const unit of units)
        for (const value of [-0, 0, 1, -1, 2, -2, 5, -1.5, 11, 21, 1000]) cases.push(["relative", { numeric, style }, [Object.is(value, -0) ? "-0" : String(value), unit]]);
  for (const unit of units) cases.push(["relative-parts", {}, ["-1234.5", unit]]);
  return cases;
}

function nameCases() {
  const codes = {
    language: ["en", "en-GB", "de", "de-AT", "fr-CA", "es-MX", "pt-BR", "zh-Hant", "zh-Hans-CN", "sr-Latn", "nl-BE", "ja", "gsw", "haw", "yue", "ar-001", "xx", "en-Cyrl-RS", "az-Arab", "und"],
    region: ["US", "GB", "DE", "CH", "HK", "MM", "001", "419", "BA", "CI", "XK", "ZZ", "CZ", "TR", "EU"],
    script: ["Latn", "Cyrl", "Hans", "Hant", "Arab", "Jpan", "Zsym", "Xxxx", "Zyyy"],
    currency: ["USD", "EUR", "JPY", "CHF", "PLN", "XAF", "BTC", "DEM", "TRY", "CNY"],
    calendar: ["gregory", "buddhist", "hebrew", "islamic-umalqura", "japanese", "roc", "iso8601", "foo"],
    dateTimeField: ["era", "year", "quarter", "month", "weekOfYear", "weekday", "day", "dayPeriod", "hour", "minute", "second", "timeZoneName"],
  };
  const cases = [];
  for (const type of Object.keys(codes))
    for (const style of ["long", "short", "narrow"]) for (const code of codes[type]) cases.push(["name", { type, style }, code]);
  for (const code of codes.language) cases.push(["name", { type: "language", languageDisplay: "standard" }, code]);
  for (const code of ["xx", "QQ"]) cases.push(["name", { type: code === "xx" ? "language" : "region", fallback: "none" }, code]);
  return cases;
}

const SECTIONS = {
  number: numberCases,
  currency: currencyCases,
  unit: unitCases,
  range: rangeCases,
  parts: partCases,
  plural: pluralCases,
  list: listCases,
  relative: relativeCases,
  name: nameCases,
};

const casesOf = (section) => SECTIONS[section]();

const numberOf = (text) => Number(text);
const partText = (parts) => parts.map(({ type, value }) => `${type}:${value}`).join("|");
let lastKey = "";
let last;

/** The formatter of a case; that of the case before is used again. */
function formatterOf(constructor, locale, how) {
  const key = `${constructor.name} ${locale} ${JSON.stringify(how)}`;
  if (key !== lastKey) last = new constructor(locale, how);
  lastKey = key;
  return last;
}

function resultOf(locale, [what, how, value]) {
  try {
    switch (what) {
      case "number":
        return formatterOf(Intl.NumberFormat, locale, how).format(numberOf(value));
      case "parts":
        return partText(formatterOf(Intl.NumberFormat, locale, how).formatToParts(numberOf(value)));
      case "range":
        return formatterOf(Intl.NumberFormat, locale, how).formatRange(numberOf(value[0]), numberOf(value[1]));
      case "plural":
        return formatterOf(Intl.PluralRules, locale, how).select(value);
      case "categories":
        return formatterOf(Intl.PluralRules, locale, how).resolvedOptions().pluralCategories.slice().sort().join();
      case "plural-range":
        return formatterOf(Intl.PluralRules, locale, how).selectRange(value[0], value[1]);
      case "list":
        return formatterOf(Intl.ListFormat, locale, how).format(value);
      case "relative":
        return formatterOf(Intl.RelativeTimeFormat, locale, how).format(numberOf(value[0]), value[1]);
      case "relative-parts":
        return partText(formatterOf(Intl.RelativeTimeFormat, locale, how).formatToParts(numberOf(value[0]), value[1]));
      case "name":
        return String(formatterOf(Intl.DisplayNames, locale, how).of(value));
      default:
        return `no case ${what}`;
    }
  } catch (error) {
    return `${error.name}`;
  }
}
