// @ts-check
/** Serial numbers, `A-000123-7`: the twin of `permits/serials.py`. */

/**
 * Returns the serial of a permit number.
 * @param {string} letter of its compound.
 * @param {number} number
 * @returns {string}
 */
export function serial(letter, number) {
  const digits = String(number).padStart(6, "0");
  return `${letter}-${digits}-${checkDigit(letter, digits)}`;
}

/**
 * Returns the check digit by ISO/IEC 7064, MOD 11,10, over the letter's place and the number.
 * @param {string} letter
 * @param {string} digits
 * @returns {number}
 */
function checkDigit(letter, digits) {
  const place = String(letter.charCodeAt(0) - "A".charCodeAt(0) + 1).padStart(2, "0");
  let product = 10;
  for (const digit of place + digits) {
    const total = (product + Number(digit)) % 10 || 10;
    product = (total * 2) % 11;
  }
  return (11 - product) % 10;
}
