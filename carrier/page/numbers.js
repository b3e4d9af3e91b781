// Korean telephone numbers: one comparable form, and the form people read.

/** The national digits of a number: +82 10-1000-0001 -> 01010000001, +82 1544-1120 -> 15441120. */
export function digitsOf(number) {
  const text = String(number ?? "").trim();
  if (text.startsWith("client:") || text.startsWith("sip:")) return text;
  const digits = text.replace(/\D/g, "");
  if (!(text.startsWith("+82") || /^82\d{8,10}$/.test(digits))) return text.startsWith("+") ? `+${digits}` : digits;
  const rest = digits.slice(2);
  return /^1[568]\d{6}$/.test(rest) ? rest : `0${rest.replace(/^0/, "")}`;
}

export function same(one, other) {
  return digitsOf(one) === digitsOf(other);
}

const SHAPES = [
  [/^(1[568]\d\d)(\d{4})$/, "$1-$2"],
  [/^(080)(\d{3})(\d{4,5})$/, "$1-$2-$3"],
  [/^(02)(\d{3,4})(\d{4})$/, "$1-$2-$3"],
  [/^(050\d)(\d{3,4})(\d{4})$/, "$1-$2-$3"],
  [/^(0303)(\d{3,4})(\d{4})$/, "$1-$2-$3"],
  [/^(0\d\d)(\d{3,4})(\d{4})$/, "$1-$2-$3"],
];

/** How the number is written in Korea; names, foreign and short numbers stay as they are. */
export function shown(number) {
  const digits = digitsOf(number);
  const shape = SHAPES.find(([pattern]) => pattern.test(digits));
  return shape ? digits.replace(...shape) : digits.replace(/^client:/, "");
}

// +266696687 spells ANONYMOUS on a dial pad: how some carriers hand over a withheld number.
const WITHHELD = ["anonymous", "restricted", "unavailable", "private", "+266696687"];

export function isWithheld(number) {
  return WITHHELD.includes(String(number ?? "").toLowerCase());
}
