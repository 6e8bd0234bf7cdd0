// The scenario as YAML with the settings of the page in it: what `lca-ml run` reads and gives the same numbers for.

const PLAIN = /^[A-Za-z0-9_](?:[A-Za-z0-9_ .,/*()%+=\u2212\u2013-]*[A-Za-z0-9_.,/*()%+=\u2212\u2013-])?$/; // what needs no quotation marks

const isMapping = (node) => typeof node === 'object' && 'm' in node;
const isList = (node) => typeof node === 'object' && 's' in node;

function valueAt(node, key) {
  return isMapping(node) ? node.m.find(([name]) => name === key)?.[1] : undefined;
}

// Return a document with another value at a path; mappings on the way are made where there are none.
function put(node, [key, ...rest], value) {
  const pairs = node !== undefined && isMapping(node) ? node.m : [];
  const inner = rest.length ? put(valueAt(node ?? { m: [] }, key), rest, value) : value;
  return { m: pairs.some(([name]) => name === key) ? pairs.map((pair) => (pair[0] === key ? [key, inner] : pair)) : [...pairs, [key, inner]] };
}

function without(node, key) {
  return { m: node.m.filter(([name]) => name !== key) };
}

// Return a text as YAML; behind a quotation mark stands one that is to be quoted in any case.
function scalar(text) {
  return text.startsWith('"') ? JSON.stringify(text.slice(1)) : key(text);
}

function key(text) {
  return PLAIN.test(text) ? text : JSON.stringify(text);
}

function yamlLines(node, indent) {
  const blank = '  '.repeat(indent);
  const entry = (head, value) => {
    if (typeof value === 'string') return [`${head} ${scalar(value)}`];
    if (isMapping(value)) return value.m.length ? [head, ...yamlLines(value, indent + 1)] : [`${head} {}`];
    return value.s.length ? [head, ...yamlLines(value, indent + 1)] : [`${head} []`];
  };
  if (isMapping(node)) return node.m.flatMap(([name, value]) => entry(`${blank}${key(name)}:`, value));
  return node.s.flatMap((item) => {
    if (!isMapping(item) || !item.m.length) return entry(`${blank}-`, item);
    const [first, ...more] = yamlLines(item, indent + 1);
    return [`${blank}- ${first.trimStart()}`, ...more];
  });
}

// Return a document as YAML, behind lines of comment.
function yamlText(document, comments) {
  return [...comments.map((line) => `# ${line.replace(/\n/g, ' ')}`), ...yamlLines(document, 0)].join('\n') + '\n';
}

// Return the document of a variant with choices and numbers set in it.
//   chosen   [paths, text] of menus     set   [lever, text] of levers
function settled(page, variant, chosen, set) {
  let document = variant.changes.reduce((whole, [path, value]) => put(whole, path, value), page.document);
  document = put(without(document, 'expect'), ['title'], `${valueAt(document, 'title')} (what if)`); // published figures are of the file's own values
  for (const [paths, text] of chosen) for (const path of paths) document = put(document, path.split('.'), text);
  const note = { kind: 'assumed', note: 'set on the what-if page' };
  for (const [lever, text] of set.filter(([l]) => l.paths)) {
    const bare = /\.flows\.[^.]+(\.amount)?$/; // an amount has no source of its own
    const value = lever.paths.some((path) => bare.test(path)) ? text : { m: Object.entries({ value: text, ...note }) };
    for (const path of lever.paths) document = put(document, path.includes('.') ? path.split('.') : ['parameters', path], value);
    document = untied(document, lever.names);
  }
  return set.filter(([l]) => l.site).reduce((whole, [lever, text]) => withFactor(whole, lever, text, page), document);
}

// What is known is drawn with nothing: take it out of groups and correlations.
function untied(document, names) {
  const groups = valueAt(document, 'groups'), pairs = valueAt(document, 'correlations'), known = (text) => names.includes(text.replace(/^"/, ''));
  if (names.length && groups) document = put(document, ['groups'], { m: groups.m.map(([name, members]) => [name, { s: members.s.filter((m) => !known(m)) }]) });
  if (names.length && pairs) document = put(document, ['correlations'], { s: pairs.s.filter((pair) => !valueAt(pair, 'between').s.some(known)) });
  return document;
}

// A figure of one's own comes before those of the library; one the scenario already has for the same place gives way.
function withFactor(document, lever, text, page) {
  const [flow, region, k] = lever.site, indicator = page.indicators[k].id, own = valueAt(valueAt(document, 'factors') ?? { m: [] }, 'values')?.s ?? [];
  const said = (entry, key) => (valueAt(entry, key) ?? '').replace(/^"/, '');
  const kept = own
    .map((entry) => (said(entry, 'flow') === flow && said(entry, 'region') === region && !said(entry, 'year') ? without(entry, indicator) : entry))
    .filter((entry) => page.indicators.some(({ id }) => valueAt(entry, id) !== undefined));
  const place = region ? { region } : {};
  return put(document, ['factors', 'values'], { s: [...kept, { m: Object.entries({ flow, ...place, [indicator]: text, source: 'set on the what-if page' }) }] });
}
