// What happens when somebody moves something: state, results, address, buttons.

let state = fresh(page), base, now, lastAddress = '';

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
