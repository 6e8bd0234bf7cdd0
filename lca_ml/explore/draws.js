// Random numbers and quantile functions: the very ones of lca_ml.sampling, lca_ml.normal and lca_ml.distributions.

// Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011) on 32-bit halves, as JavaScript has no 64-bit integer that is quick.
const PHILOX_M = [0xd2e7470e, 0xe14c6c93, 0xca5a8263, 0x95121157];
const PHILOX_W = [0x9e3779b9, 0x7f4a7c15, 0xbb67ae85, 0x84caa73b];
const SMALLEST = 2 ** -54;

const product = new Uint32Array(4); // of two 64-bit numbers, the highest 32 bits first

function upper(a, b) {
  const al = a & 0xffff, ah = a >>> 16, bl = b & 0xffff, bh = b >>> 16;
  const low = al * bl, middle = ah * bl + (low >>> 16), cross = al * bh + (middle & 0xffff);
  return ah * bh + (middle >>> 16) + (cross >>> 16);
}

function multiply(ah, al, bh, bl) {
  const ll = Math.imul(al, bl) >>> 0;
  let sum = upper(al, bl) + (Math.imul(ah, bl) >>> 0) + (Math.imul(al, bh) >>> 0);
  product[3] = ll;
  product[2] = sum >>> 0;
  sum = Math.floor(sum / 4294967296) + upper(ah, bl) + upper(al, bh) + (Math.imul(ah, bh) >>> 0);
  product[1] = sum >>> 0;
  product[0] = Math.floor(sum / 4294967296) + upper(ah, bh);
}

// Numbers 0 … n - 1 of the stream with this key, each in the open interval (0, 1); a draw takes the upper 53 of 64 bits.
function uniforms(key, n) {
  const bytes = Uint8Array.from(atob(key), (c) => c.charCodeAt(0));
  const words = new Uint32Array(4); // the halves of the two numbers of the key, the upper one first
  for (let i = 0; i < 16; i++) words[(i >> 3) * 2 + 1 - ((i >> 2) & 1)] |= bytes[i] << (8 * (i & 3));
  const out = new Float64Array(n), c = new Uint32Array(8), k = new Uint32Array(4);
  for (let block = 0; block * 4 < n; block++) {
    c.fill(0);
    c[1] = block + 1; // the generator counts before it draws
    k.set(words);
    for (let round = 0; round < 10; round++) {
      multiply(PHILOX_M[0], PHILOX_M[1], c[0], c[1]);
      const h0 = product[0], h1 = product[1], l0 = product[2], l1 = product[3];
      multiply(PHILOX_M[2], PHILOX_M[3], c[4], c[5]);
      const b0 = c[2], b1 = c[3], d0 = c[6], d1 = c[7];
      c[0] = product[0] ^ b0 ^ k[0]; c[1] = product[1] ^ b1 ^ k[1];
      c[2] = product[2]; c[3] = product[3];
      c[4] = h0 ^ d0 ^ k[2]; c[5] = h1 ^ d1 ^ k[3];
      c[6] = l0; c[7] = l1;
      for (let i = 0; i < 4; i += 2) {
        const low = k[i + 1] + PHILOX_W[i + 1];
        k[i] += PHILOX_W[i] + (low > 4294967295 ? 1 : 0);
        k[i + 1] = low;
      }
    }
    for (let i = 0; i < 4 && block * 4 + i < n; i++) {
      const u = (c[2 * i] * 2097152 + (c[2 * i + 1] >>> 11)) / 9007199254740992;
      out[block * 4 + i] = u > SMALLEST ? u : SMALLEST;
    }
  }
  return out;
}

function ratio([above, below], x) {
  let a = above[0] * x, b = below[0] * x;
  for (let i = 1; i < above.length - 1; i++) { a = (a + above[i]) * x; b = (b + below[i]) * x; }
  return (a + above[above.length - 1]) / (b + below[below.length - 1]);
}

// Wichura 1988, Algorithm AS 241, with the coefficients of lca_ml/normal.py.
function normalQuantile(p) {
  const q = p - 0.5, r = 0.180625 - q * q;
  if (r >= 0) return ratio(NORMAL[0], r) * q;
  const tail = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const z = tail > 5 ? ratio(NORMAL[2], tail - 5) : ratio(NORMAL[1], tail - 1.6);
  return q < 0 ? -z : z;
}

// P(Z ≤ z): the series of the error function in the middle, its continued fraction outside (Abramowitz and Stegun 7.1.6 and 7.1.14).
function normalCdf(z) {
  const x = Math.abs(z) * Math.SQRT1_2;
  if (x < 1.5) {
    let term = x, sum = x;
    for (let i = 1; term > 1e-17 * sum; i++) { term *= (2 * x * x) / (2 * i + 1); sum += term; }
    const half = (Math.exp(-x * x) / Math.sqrt(Math.PI)) * sum;
    return z < 0 ? 0.5 - half : 0.5 + half;
  }
  let fraction = x;
  for (let i = 120; i > 0; i--) fraction = x + i / 2 / fraction;
  const tail = Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction / 2;
  return z < 0 ? tail : 1 - tail;
}

// The regularised incomplete beta function times B(a, b) / (x^a (1 - x)^b), for x below the mean (DLMF 8.17.22, Lentz's method).
function betaFraction(a, b, x) {
  let c = 1, d = 1 / (1 - ((a + b) * x) / (a + 1)), h = d;
  for (let m = 1; m < 10000; m++) {
    for (const e of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / (1 + e * d);
      c = 1 + e / c;
      h *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return h / a;
}

// ln of x for which I_x(a, b) = p, p at most a half: Newton's method on ln I over ln x, kept in a bracket.
function betaTail(a, b, p, lnB) {
  let low = -Infinity, high = 0, t = Math.log(a / (a + b));
  for (let step = 0; step < 200; step++) {
    const x = Math.exp(t), rest = -Math.expm1(t), body = Math.exp(a * t + b * Math.log(rest) - lnB);
    const share = x < (a + 1) / (a + b + 2) ? body * betaFraction(a, b, x) : 1 - body * betaFraction(b, a, rest);
    const off = Math.log(share / p);
    if (off > 0) high = t; else low = t;
    let next = t - (off * share * rest) / body;
    if (!(next > low && next < high)) next = low === -Infinity ? high + Math.log(p) / a - 1 : (low + high) / 2;
    if (Math.abs(next - t) <= 1e-16 + 4e-16 * Math.abs(t)) return next;
    t = next;
  }
  return t;
}

function betaQuantile(a, b, p, lnB) {
  return p <= 0.5 ? Math.exp(betaTail(a, b, p, lnB)) : -Math.expm1(betaTail(b, a, 1 - p, lnB));
}

// The quantile function of each kind of distribution, by its letter: uniform, loguniform (orders of magnitude), triangular, normal, lognormal,
// beta, choice, empirical, one cut. An X before it says that a factor comes first.
const QUANTILES = {
  U: ([low, high]) => (p) => p * (high - low) + low,
  O: ([low, high]) => {
    const start = Math.log(low), orders = Number.isFinite(high / low) ? Math.log(high / low) : Math.log(high) - start;
    return (p) => Math.min(Math.max(Math.exp(start + p * orders), low), high);
  },
  T: ([low, mode, high]) => {
    const width = high - low, turn = (mode - low) / width, fall = (high - mode) / width;
    if (width === 0) return () => low;
    return (p) => (p < turn ? low + Math.sqrt(p * turn) * width : high - Math.sqrt((1 - p) * fall) * width);
  },
  N: ([mean, sd]) => (p) => normalQuantile(p) * sd + mean,
  L: ([median, gsd]) => { const spread = Math.log(gsd); return (p) => Math.exp(normalQuantile(p) * spread) * median; },
  B: ([a, b, low, width, lnB]) => (p) => low + width * betaQuantile(a, b, p, lnB),
  C: ([values, edges]) => (p) => values[edges.filter((edge) => edge <= p).length],
  E: ([values]) => (p) => {
    const at = p * (values.length - 1), below = Math.min(Math.floor(at), values.length - 2);
    return values[below] + (at - below) * (values[below + 1] - values[below]);
  },
  K: (parameters) => cutQuantile(parameters),
};

// The value that stands for a distribution, where its parameters tell it.
function pointOf([kind, first, second, ...more]) {
  return kind[0] === 'X' ? pointOf([kind.slice(1), second, ...more]) * first : kind === 'T' ? second : first;
}

function quantileOf([kind, ...parameters]) {
  if (kind[0] !== 'X') return QUANTILES[kind](parameters);
  const [factor, ...inner] = parameters, of = quantileOf([kind.slice(1), ...inner]);
  return (p) => of(p) * factor;
}

// What is left of a distribution between two ends; a normal and a lognormal are counted from the nearer tail, as in Python.
function cutQuantile([inner, below, between, above, min, max]) {
  const kept = (x) => Math.min(Math.max(x, min ?? -Infinity), max ?? Infinity);
  const [kind, centre, width] = inner, spread = kind === 'L' ? Math.log(width) : width;
  if (kind !== 'N' && kind !== 'L') {
    const of = quantileOf(inner);
    return (p) => kept(of(Math.min(Math.max(below + p * between, 1e-300), 1 - 2 ** -53)));
  }
  return (p) => {
    const lower = below + p * between, higher = above + (1 - p) * between;
    const z = normalQuantile(Math.max(Math.min(lower, higher), 1e-300)), score = lower <= higher ? z : -z;
    if (kind === 'L') return kept(Math.exp(score * spread) * centre);
    let x = score * spread + centre;
    if (spread) {
      x = closeTo(min, x, p * between, centre, spread);
      x = closeTo(max, x, -(1 - p) * between, centre, spread);
    }
    return kept(x);
  };
}

const LEGENDRE = [[-0.8611363115940526, 0.34785484513745385], [-0.33998104358485626, 0.6521451548625461],
  [0.33998104358485626, 0.6521451548625461], [0.8611363115940526, 0.34785484513745385]];

function closeTo(end, x, passed, mean, sd) {
  if (end === null || Math.abs(x - end) >= 0.01 * sd) return x;
  const density = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const start = (end - mean) / sd;
  let distance = (x - end) / sd;
  const found = (distance * LEGENDRE.reduce((sum, [at, weight]) => sum + weight * density(start + (distance * (at + 1)) / 2), 0)) / 2;
  distance -= (found - passed) / density(start + distance);
  return end + sd * distance;
}

// Ranks of correlated streams: a Gaussian copula, the lower triangle of its matrix by Cholesky, as lca_ml.sampling draws them.
function correlate(single, pairs) {
  const size = single.length, n = single[0].length, matrix = single.map((_, i) => single.map((__, j) => (i === j ? 1 : 0)));
  for (const [i, j, rank] of pairs) matrix[i][j] = matrix[j][i] = 2 * Math.sin((Math.PI * rank) / 6);
  const factor = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(rest) : rest / factor[j][j];
    }
  }
  const z = single.map((u) => u.map(normalQuantile));
  return factor.map((row, i) => {
    const out = new Float64Array(n);
    for (let s = 0; s < n; s++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += row[j] * z[j][s];
      out[s] = Math.min(Math.max(normalCdf(sum), SMALLEST), 1 - 2 ** -53);
    }
    return out;
  });
}
