// The left-hand side: menus, and a slider with a number for each lever.

const STEPS = 200, FIRST_LIBRARY = 6, FIRST_MENUS = 6;

// A slider's range: what the draws span, a factor of two around the stated value, a factor of ten around a known one, within what is plausible.
function rangeOf(lever, values, stated) {
  const [p1, p99] = quantiles(values, [0.01, 0.99]).map((x) => x / lever.scale), point = stated / lever.scale, size = Math.abs(point);
  let low, high;
  if (p99 - p1 > 1e-9 * Math.max(Math.abs(p1), Math.abs(p99))) {
    [low, high] = point > 0 && p1 > 0 ? [Math.min(p1, point / 2), Math.max(p99, 2 * point)] : [p1 - (p99 - p1) / 2, p99 + (p99 - p1) / 2];
  } else {
    [low, high] = point > 0 ? [point / 10, point * 10] : point < 0 ? [point - size, point + size] : [0, lever.range ? lever.range[1] / lever.scale : 1];
  }
  if (lever.unit === '%' && point <= 100) high = Math.min(high, 100);
  if (lever.range) {
    low = Math.max(low, Math.min(lever.range[0] / lever.scale, p1, point));
    high = Math.min(high, Math.max(lever.range[1] / lever.scale, p99, point));
  }
  if (lever.whole) low = Math.max(1, Math.round(low));
  return { low, high, logarithmic: low > 0 && high / low > 4 };
}

function positionOf({ low, high, logarithmic }, value) {
  const share = logarithmic ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(Math.max(share, 0), 1);
}

// The value at a position, rounded to three digits so that what is shown is what is set.
function valueAtPosition({ low, high, logarithmic }, share, whole) {
  const value = logarithmic ? low * (high / low) ** share : low + (high - low) * share;
  return whole ? Math.round(value) : Number(value.toPrecision(3));
}

class Controls {
  constructor(page, words, act) {
    this.page = page;
    this.words = words;
    this.act = act;
    this.rows = new Map();
    this.all = false;
    this.box = document.getElementById('levers');
    this.menuBox = document.getElementById('menus');
    this.restBox = document.getElementById('more-menus');
  }

  // Build the menus and the sliders of a study anew.
  build(study, state, levers) {
    this.study = study;
    this.rows = new Map();
    const { t, language } = this.words;
    const variants = this.page.variants.length > 1 ? [this.variants(state)] : [];
    const weighty = (menu, i) => state.chosen.has(menu.paths[0]) || (i + variants.length < FIRST_MENUS && menu.reach >= 0.005);
    const sorted = [...study.menus].sort((a, b) => (b.kind === 'region') - (a.kind === 'region') || b.reach - a.reach), first = sorted.filter(weighty), rest = sorted.filter((m) => !first.includes(m));
    this.menuBox.replaceChildren(...variants, ...first.map((menu) => this.menu(menu, state)));
    const open = this.restBox.querySelector('details')?.open ?? false, inside = element('div', { className: 'menus' }, ...rest.map((menu) => this.menu(menu, state)));
    this.restBox.replaceChildren(...(rest.length ? [element('details', { open }, element('summary', {}, t('more_menus', { n: String(rest.length) })), inside)] : []));
    const groups = [['parameters', levers.filter((l) => l.origin !== 'd')], ['library', levers.filter((l) => l.origin === 'd')]];
    this.box.replaceChildren(
      ...groups.filter(([, some]) => some.length).map(([name, some]) => {
        const shown = name === 'library' && !this.all ? some.filter((l, i) => i < FIRST_LIBRARY || state.set.has(l.key)) : some;
        const more = element('button', { type: 'button', id: 'more', className: 'more', on: { click: () => { this.all = !this.all; this.act.rebuild(); } } },
          this.all ? t('show_fewer') : t('show_all', { n: String(some.length) }));
        const extra = name === 'library' && some.length > FIRST_LIBRARY ? [more] : [];
        return element('fieldset', {}, element('legend', {}, t(name)), ...shown.map((lever) => this.lever(lever, language)), ...extra);
      }),
    );
  }

  variants(state) {
    const { t } = this.words;
    const options = this.page.variants.map(({ name }, i) => element('option', { value: String(i), selected: i === state.variant }, name ? name.replace(/_/g, ' ') : t('no_variant')));
    return this.labelled('variant', t('variant'), '', element('select', { id: 'variant', on: { change: (e) => this.act.variant(Number(e.target.value)) } }, ...options));
  }

  menu(menu, state) {
    const { t } = this.words, id = `menu-${menu.index}`;
    const said = statedChoice(this.page, state, menu), options = menu.choices.map((choice) => [this.choiceTitle(menu, choice), choice]);
    const stated = options.find(([, choice]) => choice === said), others = options.filter((option) => option !== stated && !option[1].startsWith('choice('));
    if (menu.kind === 'region') others.sort((a, b) => a[0].localeCompare(b[0], this.words.language));
    const chosen = state.chosen.get(menu.paths[0]) ?? said;
    const group = (label, options) => element('optgroup', { label }, ...options.map(([title, value]) => element('option', { value, selected: value === chosen }, title)));
    const select = element('select', { id, on: { change: (e) => this.act.choose(menu, e.target.value) } }, group(t('as_stated'), [stated]), group(t('instead'), others));
    const label = this.page.texts[this.words.language][`role_${menu.role}`] ?? menu.role[0].toUpperCase() + menu.role.slice(1).replace(/_/g, ' ');
    return this.labelled(id, label, menu.activities.map(activityTitle).join(', '), select, chosen !== said);
  }

  labelled(id, label, where, control, moved = false) {
    return element('div', { className: moved ? 'menu moved' : 'menu' }, element('label', { htmlFor: id }, label, ...(where ? [element('span', { className: 'where' }, where)] : [])), control);
  }

  choiceTitle(menu, choice) {
    if (menu.kind !== 'region') return choice;
    if (choice.startsWith('choice')) return choice;
    return this.page.regions[choice || 'GLO']?.[this.words.at()] ?? choice;
  }

  lever(lever, language) {
    const { t } = this.words, id = `lever-${lever.index}`;
    const row = { lever };
    row.number = element('input', { type: 'text', id, inputMode: 'decimal', autocomplete: 'off', spellcheck: false, on: { change: () => this.read(row), keydown: (e) => { if (e.key === 'Escape') this.act.reset(lever); } } });
    row.slider = element('input', { type: 'range', min: 0, max: STEPS, step: 1, on: { input: () => this.act.set(lever, valueAtPosition(lever.slider, row.slider.value / STEPS, lever.whole)), dblclick: () => this.act.reset(lever) } });
    row.slider.setAttribute('aria-label', lever.title);
    row.unit = element('span', { className: 'unit' });
    row.band = element('span', { className: 'band' });
    row.mark = element('span', { className: 'mark' });
    row.spread = element('span', { className: 'spread-shown', ariaHidden: 'true' });
    row.note = element('p', { className: 'note', id: `${id}-note` });
    row.reset = element('button', { type: 'button', className: 'reset', title: t('reset'), on: { click: () => { this.act.reset(lever); row.slider.focus(); } } }, '↺');
    row.reset.setAttribute('aria-label', t('reset_one', { name: lever.title }));
    row.number.setAttribute('aria-describedby', row.note.id);
    const label = element('label', { htmlFor: id, title: lever.about }, lever.title, ...(lever.place ? [element('span', { className: 'where' }, lever.place)] : []));
    row.whole = element('div', { className: 'lever' }, element('div', { className: 'lever-head' }, label, element('span', { className: 'entry' }, row.number, row.unit)),
      element('div', { className: 'track' }, element('span', { className: 'groove', ariaHidden: 'true' }, row.band, row.mark), row.slider, row.spread, row.reset), row.note);
    this.rows.set(lever.key, row);
    this.place(row, language);
    return row.whole;
  }

  // Put the marks of the stated value and its interval under the slider.
  place(row) {
    const { lever } = row, at = (x) => `${100 * positionOf(lever.slider, x)}%`;
    row.mark.style.left = at(lever.stated);
    row.band.style.left = at(lever.p5);
    row.band.style.width = `${100 * (positionOf(lever.slider, lever.p95) - positionOf(lever.slider, lever.p5))}%`;
  }

  show(state) {
    const { t, language } = this.words;
    for (const [key, row] of this.rows) {
      const { lever } = row, set = state.set.get(key), value = set ? set[0] : lever.stated, moved = set !== undefined;
      if (row.shown === (set ? value : null) && !row.note.classList.contains('wrong')) continue;
      row.shown = set ? value : null;
      const uncertain = lever.p95 - lever.p5 > 1e-9 * Math.abs(lever.p95);
      const [stated, low, high] = [plain(lever.stated, 3, language), plain(lever.p5, 2, language), plain(lever.p95, 2, language)];
      row.whole.classList.toggle('moved', moved);
      if (document.activeElement !== row.number || moved) { const text = plain(value, moved ? 12 : 3, language); if (row.number.value !== text) row.number.value = text; }
      const position = String(Math.round(positionOf(lever.slider, value) * STEPS));
      if (row.slider.value !== position && document.activeElement !== row.slider) row.slider.value = position;
      say(row.unit, unitOf(lever, value));
      row.slider.setAttribute('aria-valuetext', `${plain(value, 4, language)} ${unitOf(lever, value)}`.trim());
      say(row.spread, uncertain ? `${low} – ${high}` : '');
      say(row.note, moved ? t(uncertain ? 'fixed_uncertain' : 'fixed', { stated, low, high }) : '');
      row.note.classList.remove('wrong');
      row.reset.disabled = !moved;
    }
  }

  read(row) {
    const { lever } = row, value = typed(row.number.value, this.words.language);
    if (allowed(lever, value)) {
      this.act.set(lever, value);
    } else {
      say(row.note, this.words.t('no_number', { text: row.number.value.slice(0, 20) }));
      row.note.classList.add('wrong');
    }
  }
}
