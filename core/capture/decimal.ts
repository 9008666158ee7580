const NUMBER = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** One text for all texts of a number, without loss: 1, 1.0 and 10e-1 have one. What is no number is its own. */
export const decimalForm = (text: string): string => {
  const parts = NUMBER.exec(text);
  if (parts === null) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = whole + fraction;
  let from = 0;
  let to = digits.length;
  while (digits[from] === "0") from++;
  if (from === to) return "0";
  while (digits[to - 1] === "0") to--;
  return `${sign}${digits.slice(from, to)}e${Number(exponent) - fraction.length + digits.length - to}`;
};
