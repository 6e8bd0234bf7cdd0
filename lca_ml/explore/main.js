// The page itself: state, results, and what happens when somebody moves something.

const page = JSON.parse(document.getElementById('data').textContent);
const words = { language: page.language, at: () => page.languages.indexOf(words.language), t: (key, values = {}) => page.texts[words.language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '') };
const engine = new Engine(page, page.samples);
const firstOrder = new FirstOrder(page.samples);
let state = fresh(page), base, now, lastAddress = '';

const flowNames = Object.keys(page.goods);
page.languages = Object.keys(page.texts);
page.studies.forEach((study) => prepare(study));

// Name the levers of a study: its own numbers, and the factors its flows are characterised with.
function prepare(study) {
  for (const kind of ['flows', 'menus', 'levers', 'sites']) study[kind] = study[kind].map((i) => page[kind][i]);
  study.menus = study.menus.map(([kind, role, paths, choices, activities], index) => ({ kind, role, paths, choices, activities, index }));
  const unit = ([text, scale, said]) => ({ unit: text, said, scale });
  const own = study.levers.map(([paths, rows, u, origin, name, about, activities, range, names, whole]) => ({
    ...unit(page.units[u]), paths, rows, origin, name, about: about || noteOf(paths[0]), activities, range, names, whole, key: paths[0], share: /\.share$/.test(paths[0]),
  }));
  const sites = study.sites.map(([flow, region, k, u, rows]) => ({
    ...unit(page.units[u]), rows, site: [flowNames[flow], region, k], key: `factor.${flowNames[flow]}${region ? `.${region}` : ''}.${page.indicators[k].id}`, origin: 'd', about: '', activities: [], range: null,
  }));
  study.all = [...own, ...sites];
  study.all.forEach((lever, index) => { lever.index = index; });
  study.known = new Map(study.all.map((lever) => [lever.key, lever]));
}

// What the scenario notes beside a parameter of its own.
function noteOf(path) {
  const stated = valueAt(valueAt(page.document, 'parameters') ?? { m: [] }, path.replace(/^parameters\./, ''));
  const note = stated !== undefined && isMapping(stated) ? valueAt(stated, 'note') : undefined;
  return typeof note === 'string' ? note.replace(/^"/, '') : '';
}

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

function streamTitle(stream) {
  const found = page.streamTitles[stream], at = words.at();
  if (Array.isArray(found)) return found[at];
  const [, flow, kind, where] = /^(\d+)([|~])(.*)$/.exec(found), title = `${page.goods[flowNames[flow]][at]} ${where}`.trim();
  return kind === '~' ? words.t('distance', { factor: title }) : title;
}

function activityTitle(name) {
  const [stage, ...rest] = name.split('.');
  return [page.stageTitles[stage]?.[words.at()] ?? stage, ...rest].map((word) => word.replace(/_/g, ' ')).join(' · ');
}

// A lever's unit as it is said with a number of it.
function unitOf(lever, value) {
  const said = Array.isArray(lever.said) ? lever.said[words.at()][value === 1 ? 0 : 1] : lever.said;
  return said.replace(/\//g, '/\u200b');
}

function leverTitle(lever) {
  const at = words.at();
  if (!lever.site) return (Array.isArray(lever.name) ? lever.name[at] : lever.name).replace(/_/g, ' ');
  const [flow, region] = lever.site;
  return page.goods[flow][at] + (region ? ` (${page.regions[region]?.[at] ?? region})` : '');
}

// --- what happens

const results = new Results(page, words, (k) => { state.indicator = k; rebuild(); });
const controls = new Controls(page, words, {
  set: (lever, value) => {
    if (value === lever.stated && !(lever.p95 > lever.p5)) state.set.delete(lever.key);
    else state.set.set(lever.key, [value, lever.unit]);
    refresh();
  },
  reset: (lever) => { state.set.delete(lever.key); refresh(); },
  choose: (menu, choice) => {
    if (choice === statedChoice(page, state, menu)) state.chosen.delete(menu.paths[0]); else state.chosen.set(menu.paths[0], choice);
    rebuild();
  },
  variant: (variant) => { state = told(address({ ...state, variant }, page), page); rebuild(); },
  rebuild: () => rebuild(),
});

// Compute and show what a move changes.
function refresh() {
  now = result(state, base);
  results.show(now, base, state);
  controls.show(state);
  document.getElementById('reset-all').disabled = !now.moved;
  document.querySelector(`[name=view][value=${state.view}]`).checked = true;
  later('address', remember, 250);
  later('announce', announce, 700);
}

// Build the controls anew: another study, another choice, another language; the focus stays where it was.
function rebuild() {
  const focused = document.activeElement?.id;
  base = own(state);
  const study = studyOf(page, state), levers = describe(state), { total } = result(state);
  for (const menu of study.menus) menu.reach = reach(state, menu, total);
  controls.build(study, state, levers);
  refresh();
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

const timers = {};

function later(name, act, delay) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, delay);
}

function remember() {
  lastAddress = address(state, page);
  try { history.replaceState(null, '', `#${lastAddress}`); } catch { location.hash = lastAddress; }
}

function announce() {
  const total = now.totals[state.indicator];
  if (!total.known || !now.finite) return;
  const at = (name) => document.querySelector(`[data-at=${name}]`).textContent;
  say(document.getElementById('announce'), `${at('title')}, ${at('view')}: ${at('value')} ${at('unit')}. ${at('interval')} ${at('change')} ${at('sure')}`);
}

function restore() {
  if (location.hash.slice(1) === lastAddress && base) return;
  lastAddress = location.hash.slice(1);
  state = told(location.hash, page);
  speak(state.language);
}

function speak(language) {
  words.language = state.language = language;
  document.documentElement.lang = language;
  const about = { samples: plain(page.samples, 6, language), seed: String(page.seed), version: page.version };
  for (const node of document.querySelectorAll('[data-text]')) say(node, words.t(node.dataset.text, about));
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', words.t(node.dataset.label));
  for (const node of document.querySelectorAll('[data-language]')) node.setAttribute('aria-pressed', String(node.dataset.language === language));
  for (const study of page.studies) for (const lever of study.all) delete lever.title;
  rebuild();
}

// --- buttons

// The scenario as it stands, as YAML, with what it takes to get these numbers from it.
function scenario() {
  const study = studyOf(page, state);
  const chosen = [...state.chosen].map(([path, choice]) => [study.menus.find((m) => m.paths[0] === path).paths, choice]);
  const set = [...state.set].map(([key, [value, unit]]) => [study.known.get(key), written(value, unit)]);
  const list = [...chosen.map(([paths, choice]) => `${paths[0]} = ${choice}`), ...set.map(([lever, text]) => `${lever.key} = ${text}`)];
  const command = `lca-ml run FILE --samples ${page.samples} --seed ${page.seed}`;
  const lines = [words.t('yaml_head', { file: page.file, version: page.version }), words.t('yaml_command', { command }), ...list.map((line) => `  ${line}`)];
  return yamlText(settled(page, page.variants[state.variant], chosen, set), [...lines, ...(page.beside.length ? [words.t('yaml_beside', { files: page.beside.join(', ') })] : [])]);
}

function download() {
  const link = element('a', { href: URL.createObjectURL(new Blob([scenario()], { type: 'application/yaml' })), download: page.file.replace(/\.ya?ml$/, '') + '-what-if.yaml' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copyLink() {
  remember();
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    const field = element('textarea', { value: location.href });
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
  say(document.getElementById('announce'), words.t('copied'));
  const button = document.getElementById('copy');
  say(button, words.t('copied'));
  later('copied', () => say(button, words.t('copy')), 1500);
}

function press(id, act) {
  document.getElementById(id).addEventListener('click', act);
}

const toggled = (button, on) => button.setAttribute('aria-pressed', String(on));

press('reset-all', () => { state = { ...fresh(page), indicator: state.indicator, view: state.view, language: state.language }; rebuild(); });
press('download', download);
press('copy', copyLink);
press('print', () => window.print());
press('skip', (event) => { event.preventDefault(); document.getElementById('results').focus(); });
press('talk', (event) => toggled(event.currentTarget, document.documentElement.classList.toggle('talk')));
press('theme', () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
});
for (const node of document.querySelectorAll('[data-language]')) node.addEventListener('click', () => speak(node.dataset.language));
for (const node of document.querySelectorAll('[name=view]')) node.addEventListener('change', () => { state.view = node.value; rebuild(); });
window.addEventListener('hashchange', restore);

// For scripts and tests: set what `--set` would, and read every number of the result.
window.whatIf = {
  set: (key, value) => { const lever = studyOf(page, state).known.get(key); if (!allowed(lever, value)) throw new RangeError(key); state.set.set(key, [value, lever.unit]); refresh(); },
  choose: (key, choice) => { state.chosen.set(key, choice); rebuild(); },
  variant: (name) => { state.variant = page.variants.findIndex((v) => v.name === name); rebuild(); },
  reset: () => document.getElementById('reset-all').click(),
  scenario,
  elasticities: () => Object.fromEntries(now.elasticities.map(([lever, e]) => [lever.key, e])),
  settings: () => ({ // what `--set` would take, and whether that is all
    list: [...state.chosen].flatMap(([path, choice]) => studyOf(page, state).menus.find((m) => m.paths[0] === path).paths.map((p) => `${p}=${choice}`)).concat(
      [...state.set].flatMap(([key, [value, unit]]) => (studyOf(page, state).known.get(key).paths ?? []).map((p) => `${p}=${written(value, unit)}`))),
    whole: [...state.set.keys()].every((key) => !studyOf(page, state).known.get(key).site),
    variant: page.variants[state.variant].name,
  }),
  state: () => ({ address: address(state, page), levers: now.active.map(({ key, unit, stated, slider, site }) => ({ key, unit, stated, slider, site })), menus: studyOf(page, state).menus, variants: page.variants.map((v) => v.name) }),
  results: () => ['total', 'functional_unit'].map((view) => page.indicators.map((indicator, k) => {
    const found = result({ ...state, view, indicator: k, whole: true });
    const numbers = (s) => (s.known && found.finite ? { point: s.point, mean: mean(s.values), median: s.median, p5: s.p5, p95: s.p95 } : null);
    return { view, indicator: indicator.id, total: numbers(found.totals[k]), stages: Object.fromEntries(found.stages.map((s) => [s.id, numbers(s)])), shares: found.shares };
  })).flat(),
};

restore();
