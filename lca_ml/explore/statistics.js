// What is said of many draws: quantiles, means, shares of the variance, a density to look at.

const scratch = [];

// Put the values of an array in an order in which the k-th is the one it would be were they sorted, and return it (Hoare's selection).
function select(a, k, left, right) {
  while (right > left) {
    const pivot = a[(left + right) >> 1];
    let i = left, j = right;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) { const x = a[i]; a[i] = a[j]; a[j] = x; i++; j--; }
    }
    if (k <= j) right = j; else if (k >= i) left = i; else break;
  }
  return a[k];
}

// Quantiles at rising probabilities, a straight line between neighbours (Hyndman and Fan 1996, type 7).
function quantiles(values, probabilities) {
  const n = values.length, a = (scratch[n] ??= new Float64Array(n));
  a.set(values);
  let start = 0;
  return probabilities.map((p) => {
    const at = p * (n - 1), below = Math.floor(at);
    const low = select(a, below, start, n - 1);
    start = below;
    if (below === n - 1) return low;
    let next = a[below + 1];
    for (let i = below + 2; i < n; i++) if (a[i] < next) next = a[i];
    return low + (at - below) * (next - low);
  });
}

function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

// The share of draws in which one array lies below another.
function shareBelow(a, b) {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] < b[i]) count++;
  return count / a.length;
}

// First-order shares of the variance from the draws themselves (Plischke 2010), by equally likely bins: lca_ml.sensitivity.from_draws.
class FirstOrder {
  constructor(n) {
    this.bins = Math.max(2, Math.min(64, Math.floor(n / 160)));
    this.count = new Float64Array(this.bins);
    this.total = new Float64Array(this.bins);
    this.square = new Float64Array(this.bins);
    this.cells = new Map();
  }

  cell(u) {
    let found = this.cells.get(u);
    if (!found) this.cells.set(u, (found = Uint8Array.from(u, (p) => Math.min(Math.floor(p * this.bins), this.bins - 1))));
    return found;
  }

  // Return the share of each stream's uniform numbers; NaN of a constant.
  of(values, streams) {
    const n = values.length, centre = mean(values), y = (this.centred ??= new Float64Array(n));
    let variance = 0;
    for (let i = 0; i < n; i++) { y[i] = values[i] - centre; variance += y[i] * y[i]; }
    variance /= n - 1;
    return streams.map((u) => (variance > 1e-30 * centre * centre ? this.between(this.cell(u), y) / variance : NaN));
  }

  between(cell, y) {
    const { count, total, square } = this;
    count.fill(0); total.fill(0); square.fill(0);
    for (let i = 0; i < y.length; i++) { const c = cell[i], v = y[i]; count[c] += 1; total[c] += v; square[c] += v * v; }
    let sum = 0;
    for (let c = 0; c < this.bins; c++) {
      if (count[c] < 2) continue;
      const middle = total[c] / count[c], within = (square[c] - count[c] * middle * middle) / (count[c] - 1);
      sum += count[c] * middle * middle - within;
    }
    return sum / y.length;
  }
}

// A smooth histogram over [low, high], linear or logarithmic: heights between 0 and 1 at equal steps.
function density(values, low, high, logarithmic, steps) {
  const of = logarithmic ? Math.log : (x) => x, start = of(low), width = of(high) - start, counts = new Float64Array(steps);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(((of(values[i]) - start) / width) * steps);
    if (at >= 0 && at < steps) counts[at] += 1;
  }
  const reach = 6, weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-(((i - reach) / 2.6) ** 2) / 2));
  const whole = weights.reduce((a, b) => a + b), out = new Float64Array(steps);
  for (let i = 0; i < steps; i++) for (let j = -reach; j <= reach; j++) out[i] += ((counts[i + j] ?? 0) * weights[j + reach]) / whole;
  return out;
}
