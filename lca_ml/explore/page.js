// What the page knows: its data, its words, and what people call the parts of a study.

const page = JSON.parse(document.getElementById('data').textContent);
const words = {
  language: page.language,
  at: () => page.languages.indexOf(words.language), // which of the texts of two languages
  t: (key, values = {}) => page.texts[words.language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ''),
};
const engine = new Engine(page, page.samples);
const firstOrder = new FirstOrder(page.samples);

const flowNames = Object.keys(page.goods);
page.languages = Object.keys(page.texts);
page.studies.forEach((study, index) => prepare(study, index));

// Name the levers of a study: its own numbers, and the factors its flows are characterised with.
function prepare(study, number) {
  study.index = number;
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

// --- names

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
