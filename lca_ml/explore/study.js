// A study evaluated over all draws: what a row depends on is computed before it, and only what a change reaches is computed again.

const DRAWN = -1, PICKED = -2; // what a row begins with; else the number of its shape
const UNKNOWN = -1, SILENT = -2; // instead of the row of a factor: no figure known, or known to be nothing
const STEP = 1e-4; // of an elasticity

class Engine {
  constructor(page, samples) {
    this.page = page;
    this.samples = samples;
    this.values = [];
    this.changed = []; // when the values of a row last changed
    this.made = []; // from what they were made
    this.time = 0;
    this.single = [];
    this.joint = new Map(); // the streams that are correlated
    this.correlated = '';
    this.impact = new Map();
    this.points = [];
  }

  // Return a state evaluated: its flows, their impacts, what the life cycle delivers.
  //   state.study     the study     state.choices   position of the choice of each menu, then of the variant
  //   state.fixed     Map of rows to the number each is set to
  evaluate(state) {
    const found = this.wired(state), { order } = found;
    this.time += 1;
    this.draw(state.study, order, state);
    for (const id of order) this.update(id, found.parts[id], state);
    const zero = this.vanishing(found, state);
    const flows = found.flows.map(({ stage, amount, factors }) => {
      const told = zero.has(amount) ? factors.map((f) => (f === UNKNOWN ? SILENT : f)) : factors;
      return { stage, amount, factors: told, impacts: told.map((f) => (f < 0 ? null : this.multiplied(amount, f))) };
    });
    return { ...found, flows, reference: this.values[found.referenceRow] };
  }

  // Return the flows there are in a state, the rows they need in an order in which they can be computed, and the parts of each.
  wired(state) {
    const { study, choices, fixed } = state, key = `${study.index} ${choices} ${[...fixed.keys()]}`;
    if (this.last?.key === key) return this.last;
    const row = (id) => this.resolve(id, choices), parts = [];
    const flows = study.flows
      .filter(([, , , only, first]) => only === undefined || (choices[only] === 0) === (first === 1))
      .map(([stage, amount, factors]) => ({ stage, amount: row(amount), factors: factors.map(row) }));
    const referenceRow = row(study.reference), order = this.reached([referenceRow, ...flows.flatMap((f) => [f.amount, ...f.factors])], state);
    for (const id of order) parts[id] = this.parts(id, choices);
    this.last = { key, study, flows, order, parts, referenceRow };
    return this.last;
  }

  resolve(id, choices) {
    while (id >= 0 && Array.isArray(this.page.rows[id]) && this.page.rows[id][0] === PICKED) id = this.page.rows[id][2 + choices[this.page.rows[id][1]]];
    return id;
  }

  // Return the rows that some depend on, themselves included, in an order in which they can be computed.
  reached(from, state) {
    const found = new Set(), waiting = from.filter((id) => id >= 0);
    while (waiting.length) {
      const id = waiting.pop();
      if (found.has(id)) continue;
      found.add(id);
      if (!state.fixed.has(id)) waiting.push(...this.parts(id, state.choices));
    }
    return [...found].sort((a, b) => a - b);
  }

  parts(id, choices) {
    const row = this.page.rows[id];
    return Array.isArray(row) && row[0] >= 0 ? row.slice(1).map((part) => this.resolve(part, choices)) : [];
  }

  // Draw correlated streams together, those that are drawn at all: what is known is correlated with nothing.
  draw(study, order, state) {
    const drawn = new Set(order.filter((id) => !state.fixed.has(id) && this.page.rows[id][0] === DRAWN).map((id) => this.page.rows[id][1]));
    const pairs = study.correlations.filter(([a, b]) => drawn.has(a) && drawn.has(b));
    const signature = pairs.join(' ');
    if (signature === this.correlated) return;
    this.correlated = signature;
    this.joint = new Map();
    const streams = study.joint.filter((s) => pairs.some(([a, b]) => s === a || s === b));
    if (!streams.length) return;
    const joint = correlate(streams.map((s) => this.stream(s)), pairs.map(([a, b, rank]) => [streams.indexOf(a), streams.indexOf(b), rank]));
    this.joint = new Map(streams.map((s, i) => [s, joint[i]]));
  }

  // The uniform numbers of a stream, made when they are first asked for.
  stream(s) {
    return this.joint.get(s) ?? (this.single[s] ??= uniforms(this.page.streams.slice(22 * s, 22 * s + 22), this.samples));
  }

  update(id, parts, state) {
    const row = this.page.rows[id], n = this.samples, before = this.made[id];
    const fixed = state.fixed.get(id);
    if (fixed !== undefined || typeof row === 'number') {
      const number = fixed ?? row;
      if (before === number) return;
      this.array(id).fill(number);
      this.made[id] = number;
    } else if (row[0] === DRAWN) {
      const u = this.stream(row[1]);
      if (before === u) return;
      const of = quantileOf(row[2]), out = this.array(id);
      for (let i = 0; i < n; i++) out[i] = of(u[i]);
      this.made[id] = u;
    } else {
      const same = Array.isArray(before) && before.every((part, i) => part === parts[i]) && parts.every((part) => this.changed[part] <= this.changed[id]);
      if (same) return;
      SHAPES[row[0]](this.array(id), n, ...parts.map((part) => this.values[part]));
      this.made[id] = parts;
    }
    this.changed[id] = this.time;
  }

  array(id) {
    return (this.values[id] ??= new Float64Array(this.samples));
  }

  // Return the product of two rows, and when it last changed.
  multiplied(a, b) {
    const key = a * this.page.rows.length + b;
    const found = this.impact.get(key) ?? { values: new Float64Array(this.samples), at: 0 };
    if (found.at < this.changed[a] || found.at < this.changed[b]) {
      const x = this.values[a], y = this.values[b], out = found.values;
      for (let i = 0; i < out.length; i++) out[i] = x[i] * y[i];
      found.at = this.time;
      this.impact.set(key, found);
    }
    return found;
  }

  // Return the rows that are zero whatever is drawn.
  vanishing({ order, parts }, state) {
    const zero = new Set();
    for (const id of order) {
      const row = this.page.rows[id], fixed = state.fixed.get(id);
      const known = fixed ?? (typeof row === 'number' ? row : undefined);
      if (known === 0 || (known === undefined && row[0] >= 0 && ZEROS[row[0]](...parts[id].map((part) => zero.has(part))))) zero.add(id);
    }
    return zero;
  }

  // Return each row's stated value, then those with one lever after another a little above and a little below: columns of one small evaluation.
  stated(evaluated, state, levers) {
    const m = 1 + 2 * levers.length, points = (this.points[m] ??= []), pushed = new Map();
    levers.forEach((rows, i) => rows.forEach((id) => pushed.set(id, [...(pushed.get(id) ?? []), i])));
    for (const id of evaluated.order) {
      const row = this.page.rows[id], out = (points[id] ??= new Float64Array(m)), fixed = state.fixed.get(id);
      if (fixed === undefined && row[0] >= 0) SHAPES[row[0]](out, m, ...evaluated.parts[id].map((part) => points[part]));
      else out.fill(fixed ?? (typeof row === 'number' ? row : row[3] ?? pointOf(row[2])));
      for (const i of pushed.get(id) ?? []) { out[1 + 2 * i] = out[0] * (1 + STEP); out[2 + 2 * i] = out[0] * (1 - STEP); }
    }
    return points;
  }
}

// Put into an array the sum of the impacts of some flows, and say whether it is known: what is silent everywhere is, what lacks all its factors is not.
function together(flows, k, out) {
  out.fill(0);
  let known = false, counted = false, partly = false;
  for (const flow of flows) {
    const values = flow.impacts[k]?.values;
    if (flow.factors[k] !== SILENT) {
      counted = true;
      if (values) known = true; else partly = true;
    }
    if (values) for (let s = 0; s < out.length; s++) out[s] += values[s];
  }
  return { values: out, known: known || !counted, partly: partly && known };
}
