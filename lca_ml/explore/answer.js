// What a state answers: totals, stages, what drives them, and what the levers can do there.

// The state as the engine takes it: positions of choices, rows with the number each is set to.
function inputs(given) {
  const study = studyOf(page, given), { at, stated } = page.variants[given.variant], fixed = new Map();
  const choices = study.menus.map((menu, i) => (given.chosen.has(menu.paths[0]) ? menu.choices.indexOf(given.chosen.get(menu.paths[0])) : stated[i]));
  choices.push(at);
  for (const [key, [value]] of given.set) for (const row of study.known.get(key)?.rows ?? []) fixed.set(engine.resolve(row, choices), value * study.known.get(key).scale);
  return { study, choices, fixed };
}

// The levers that reach something: the study's own, and each factor in use that a figure of one's own would replace and nothing else.
function inUse(study, evaluated, { choices }) {
  const key = choices.join();
  if (study.used?.key !== key) study.used = { key, levers: findInUse(study, evaluated) };
  return study.used.levers;
}

function findInUse(study, evaluated) {
  const used = new Set(evaluated.flows.flatMap((f) => f.factors));
  const live = study.all.filter((lever) => !lever.site || lever.rows.some((row) => used.has(row)));
  const sites = live.filter((l) => l.site).map((l) => l.site);
  const below = (code, above) => { for (let c = page.regions[code]?.[2]; c; c = page.regions[c]?.[2]) if (c === above) return true; return false; };
  const apart = (region, other) => region === other || (region !== '' && (other === '' || !below(other, region)));
  const clear = ([flow, region, k]) => sites.every(([f, other, i]) => f !== flow || i !== k || apart(region, other));
  return live.filter((lever) => !lever.site || clear(lever.site));
}

const buffers = new Map(), summaries = new Map();

function buffer(name, size) {
  const key = `${name} ${size}`;
  if (!buffers.has(key)) buffers.set(key, new Float64Array(size));
  return buffers.get(key);
}

// Evaluate a state: all that is shown of it. What a move has not reached is as before; arrays are written over by the next one, unless they are to be kept.
function result(given, before = null, keep = false) {
  const taken = inputs(given), evaluated = engine.evaluate(taken), { study, flows, reference } = evaluated;
  const active = inUse(study, evaluated, taken), k = given.indicator, perUnit = given.view !== 'total', n = page.samples;
  const levers = active.filter((lever) => !lever.site || lever.site[2] === k);
  const points = engine.stated(evaluated, taken, levers.map((lever) => lever.rows.map((row) => engine.resolve(row, taken.choices)))), units = points[evaluated.referenceRow];
  const stated = (some, i, column) => {
    let sum = 0;
    for (const { amount, factors } of some) if (factors[i] >= 0) sum += points[amount][column] * points[factors[i]][column];
    return perUnit ? sum / units[column] : sum;
  };
  const summary = (name, some, i, ends) => {
    const parts = some.map(({ amount, factors, impacts }) => [amount, factors[i], impacts[i]?.at]), when = perUnit && engine.changed[evaluated.referenceRow];
    const made = `${when} ${ends} ${parts}`, before = summaries.get(name);
    if (before?.made === made && !keep) return { ...before, point: stated(some, i, 0) };
    const found = together(some, i, keep ? new Float64Array(n) : buffer(name, n)), { values } = found;
    if (perUnit) for (let s = 0; s < n; s++) values[s] /= reference[s];
    Object.assign(found, quantilesNamed(values, ends), { made });
    if (!keep) summaries.set(name, found);
    return { ...found, point: stated(some, i, 0) };
  };
  const few = ['p5', 'p95'], all = ['p1', 'p5', 'median', 'p95', 'p99'];
  const totals = page.indicators.map((_, i) => summary(`total ${i}`, flows, i, i === k ? all : few));
  const stages = [...new Set(flows.map((f) => f.stage))].sort((a, b) => page.stages[a].order - page.stages[b].order)
    .map((s) => ({ id: page.stages[s].id, ...summary(`stage ${s} ${k}`, flows.filter((f) => f.stage === s), k, given.whole ? all : few) }));
  totals[k].mean = mean(totals[k].values);
  const streams = drawnStreams(flows.filter((f) => f.factors[k] >= 0).flatMap((f) => [f.amount, f.factors[k]]).concat(evaluated.referenceRow), taken), shares = firstOrder.of(totals[k].values, streams.map((s) => engine.stream(s))), { point } = totals[k];
  const found = {
    study, flows, evaluated, totals, stages, total: point, points, active,
    moved: given.set.size > 0 || given.chosen.size > 0 || given.variant > 0,
    finite: totals.every(({ values }) => Number.isFinite(mean(values))) && !reference.includes(0),
    shares: streams.map((s, i) => [s, shares[i]]).filter(([, share]) => share > 0),
    elasticities: levers.map((lever, i) => [lever, (stated(flows, k, 1 + 2 * i) - stated(flows, k, 2 + 2 * i)) / (2 * STEP * point)]).filter(([, e]) => Number.isFinite(e)),
  };
  if (before) compare(found, totals[k].values, before.totals[k].values);
  return found;
}

const PROBABILITIES = { p1: 0.01, p5: 0.05, median: 0.5, p95: 0.95, p99: 0.99 };

function quantilesNamed(values, names) {
  const found = quantiles(values, names.map((name) => PROBABILITIES[name]));
  return Object.fromEntries(names.map((name, i) => [name, found[i]]));
}

// How far a menu can move the stated result: the largest change any of its choices makes.
function reach(given, menu, point) {
  const taken = inputs(given), { k, perUnit } = { k: given.indicator, perUnit: given.view !== 'total' };
  return Math.max(0, ...menu.choices.filter((c) => !c.startsWith('choice(')).map((choice) => {
    const choices = taken.choices.map((c, i) => (i === menu.index ? menu.choices.indexOf(choice) : c)), found = engine.wired({ ...taken, choices });
    const points = engine.stated(found, { ...taken, choices }, []), at = (id) => points[id][0];
    const total = found.flows.reduce((sum, f) => sum + (f.factors[k] < 0 ? 0 : at(f.amount) * at(f.factors[k])), 0) / (perUnit ? at(found.referenceRow) : 1);
    return Math.abs(total / point - 1) || 0;
  }));
}

// The streams of random numbers that some rows depend on.
function drawnStreams(from, given) {
  const rows = engine.reached(from, given).filter((id) => !given.fixed.has(id) && page.rows[id][0] === DRAWN);
  return [...new Set(rows.map((id) => page.rows[id][1]))];
}

// The paired difference to the file's own values: its interval, and how often it lies below and above.
function compare(found, values, before) {
  const change = buffer('change', values.length);
  for (let i = 0; i < change.length; i++) change[i] = values[i] / before[i] - 1;
  [found.difference, found.lower, found.higher] = [quantiles(change, [0.05, 0.95]), shareBelow(values, before), shareBelow(before, values)];
}

// The file's own results in the view and the indicator that are looked at; their draws are kept, those of the engine are written over.
function own(given) {
  return result({ ...fresh(page), indicator: given.indicator, view: given.view }, null, true);
}

// --- what is said of the levers where nothing is set

function describe(given) {
  const bare = { ...given, set: new Map() }, plainly = result(bare), taken = inputs(bare), study = studyOf(page, given);
  const reached = new Set(plainly.evaluated.order), share = new Map(plainly.shares), push = new Map(plainly.elasticities);
  for (const lever of plainly.active) {
    const rows = lever.rows.map((id) => engine.resolve(id, taken.choices)), row = rows.find((id) => reached.has(id)) ?? rows[0], values = engine.values[row] ?? new Float64Array(page.samples);
    const stated = reached.has(row) ? plainly.points[row][0] : 0;
    Object.assign(lever, { title: leverTitle(lever), place: lever.activities.map(activityTitle).join(', '), stated: stated / lever.scale, slider: rangeOf(lever, values, stated) });
    [lever.p5, lever.p95] = quantiles(values, [0.05, 0.95]).map((x) => x / lever.scale);
    const drawn = engine.reached([row], taken).map((id) => page.rows[id]).filter((r) => r[0] === DRAWN);
    lever.weight = drawn.reduce((sum, r) => sum + (share.get(r[1]) ?? 0), 0) + 0.02 * Math.abs(push.get(lever) ?? 0);
  }
  for (const lever of study.all) lever.title ??= leverTitle(lever);
  const library = plainly.active.filter((l) => l.origin === 'd' && (!l.site || l.site[2] === given.indicator || given.set.has(l.key)));
  return [...plainly.active.filter((l) => l.origin !== 'd'), ...library.sort((a, b) => b.weight - a.weight || a.index - b.index)];
}
