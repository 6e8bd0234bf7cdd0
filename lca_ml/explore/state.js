// What was moved, and how it stands in the address: a link is a scenario.
//   #lang=fr&indicator=water_use&view=total&variant=in_poland&set=region=PL&set=pue=1.2

const LONGEST_ADDRESS = 20000;

function fresh(page) {
  return { variant: 0, chosen: new Map(), set: new Map(), indicator: 0, view: 'functional_unit', language: page.language };
}

// The study a state is of: variants that are made of the same quantities share one.
function studyOf(page, state) {
  return page.studies[page.variants[state.variant].study];
}

// What the file, or its variant, says where a menu stands.
function statedChoice(page, state, menu) {
  return menu.choices[page.variants[state.variant].stated[menu.index]];
}

// What `--set` would take: the path, and the value with its unit.
function written(value, unit) {
  return unit ? `${value} ${unit}` : String(value);
}

function address(state, page) {
  const words = new URLSearchParams();
  if (state.language !== page.language) words.append('lang', state.language);
  if (state.indicator) words.append('indicator', page.indicators[state.indicator].id);
  if (state.view !== 'functional_unit') words.append('view', state.view);
  if (state.variant) words.append('variant', page.variants[state.variant].name);
  for (const [path, choice] of state.chosen) words.append('set', `${path}=${choice}`);
  for (const [path, [value, unit]] of state.set) words.append('set', `${path}=${written(value, unit)}`);
  return words.toString();
}

// Return the state an address tells of; what it does not know, or what is no number, is passed over.
function told(hash, page) {
  const state = fresh(page);
  if (hash.length > LONGEST_ADDRESS) return state;
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  if (page.languages.includes(words.get('lang'))) state.language = words.get('lang');
  state.indicator = Math.max(0, page.indicators.findIndex(({ id }) => id === words.get('indicator')));
  if (words.get('view') === 'total') state.view = 'total';
  state.variant = Math.max(0, page.variants.findIndex(({ name }) => name && name === words.get('variant')));
  const study = studyOf(page, state);
  for (const setting of words.getAll('set')) {
    const at = setting.indexOf('='), path = setting.slice(0, at), text = setting.slice(at + 1);
    const menu = study.menus.find((m) => m.paths[0] === path), lever = study.known.get(path);
    if (menu?.choices.includes(text) && text !== statedChoice(page, state, menu)) state.chosen.set(path, text);
    if (!lever) continue;
    const found = /^(\S+)(?: (.*))?$/.exec(text), value = found ? typed(found[1], 'en') : NaN;
    if ((found?.[2] ?? '') === lever.unit && allowed(lever, value)) state.set.set(path, [value, lever.unit]);
  }
  return state;
}

// Whether a lever may take a number, as the linker has it: a share lies between 0 and 1, and no number may vanish or overflow in base units.
function allowed(lever, value) {
  const base = value * lever.scale;
  return Number.isFinite(base) && (base !== 0 || value === 0) && !(lever.share && (base < 0 || base > 1));
}
