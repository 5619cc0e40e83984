// Lanczos' approximation with g = 7 and nine terms (Godfrey's coefficients): fifteen digits.
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * Logarithm of the gamma function.
 *
 * @param x A number above 0.
 *
 * @returns ln Γ(x).
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  const sum = lanczos.reduce((total, term, index) => (index === 0 ? term : total + term / (shifted + index)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Terms after which a series has long converged: both need some √a of them. */
const maxTerms = 100_000;
const epsilon = 1e-15;

/** The upper tail of the gamma distribution of shape a: by its series below the mean, by a continued fraction above it. */
function gammaTail(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < maxTerms && term > sum * epsilon; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - sum * front;
  }
  // Lentz's method.
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < maxTerms; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (Math.abs(an * d + b) < tiny ? tiny : an * d + b);
    c = Math.abs(b + an / c) < tiny ? tiny : b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < epsilon) break;
  }
  return front * h;
}

/**
 * Upper tail of the chi-square distribution.
 *
 * @param x The value.
 * @param degrees Its degrees of freedom.
 *
 * @returns The probability of a value above `x`.
 */
export function chiSquareTail(x: number, degrees: number): number {
  return gammaTail(degrees / 2, x / 2);
}

/**
 * Value that a chi-square distributed one exceeds with a given probability.
 *
 * @param probability Of the upper tail, above 0 and below 1.
 * @param degrees The degrees of freedom, at least 1.
 *
 * @returns The value.
 */
export function chiSquareLimit(probability: number, degrees: number): number {
  let low = 0;
  let high = Math.max(degrees, 1);
  while (chiSquareTail(high, degrees) > probability) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-12 * high; step += 1) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, degrees) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Value that a standard normal one exceeds with a given probability.
 *
 * @param probability Of the upper tail, above 0 and at most 0.5.
 *
 * @returns The value.
 */
export function normalLimit(probability: number): number {
  // The square of a normal value is chi-square distributed, with both tails in one.
  return Math.sqrt(chiSquareLimit(2 * probability, 1));
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/**
 * Upper tail of the hypergeometric distribution: how likely it is that, of `marked` things among `n + m`, at least `k`
 * are among the `n`, if it were chance which ones are (Fisher's exact test).
 *
 * @param k How many of the marked are among the `n`.
 * @param marked How many are marked.
 * @param n The size of the one sample.
 * @param m The size of the other.
 *
 * @returns The probability.
 */
export function hypergeometricTail(k: number, marked: number, n: number, m: number): number {
  const least = Math.max(0, marked - m);
  const most = Math.min(marked, n);
  if (k <= least) return 1;
  if (k > most) return 0;
  const termAt = (at: number) => Math.exp(logChoose(n, at) + logChoose(m, marked - at) - logChoose(n + m, marked));
  const mean = (n * marked) / (n + m);
  const upwards = k > mean;
  let at = upwards ? k : k - 1;
  let term = termAt(at);
  let sum = 0;
  // From the value towards the thin end, each term from the one before.
  while (at >= least && at <= most && term > sum * 1e-16) {
    sum += term;
    term *= upwards
      ? ((n - at) * (marked - at)) / ((at + 1) * (m - marked + at + 1))
      : (at * (m - marked + at)) / ((n - at + 1) * (marked - at + 1));
    at += upwards ? 1 : -1;
  }
  return upwards ? Math.min(1, sum) : Math.max(0, 1 - sum);
}
