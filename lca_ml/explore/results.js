// The right-hand side: what the study answers now, beside what the file's own values answer.

// Return an element with properties and children; texts are texts, never markup.
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'on') for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (name in made && name !== 'list') made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Say a text, if it is another than before: the browser lays nothing out for what stays.
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const SHOWN_DRIVERS = 6, DENSITY_STEPS = 150, GROUND = 170;

class Results {
  constructor(page, words, choose) {
    this.page = page;
    this.words = words;
    this.at = Object.fromEntries([...document.querySelectorAll('#results [data-at]')].map((node) => [node.dataset.at, node]));
    this.tiles = page.indicators.map((indicator, k) => this.tile(indicator, k, choose));
    this.at.indicators.replaceChildren(...this.tiles.map((tile) => tile.whole));
    this.stages = new Map();
    this.namespace = this.at.density.namespaceURI;
  }

  tile(indicator, k, choose) {
    const parts = { name: element('span', { className: 'tile-name' }), value: element('span', { className: 'tile-value' }), change: element('span', { className: 'tile-change' }) };
    const input = element('input', { type: 'radio', name: 'indicator', value: indicator.id, on: { change: () => choose(k) } });
    return { ...parts, input, whole: element('label', { className: 'tile' }, input, parts.name, parts.change, parts.value) };
  }

  // Show a result; `base` is that of the file's own values.
  show(now, base, state) {
    const { t, language } = this.words, k = state.indicator, indicator = this.page.indicators[k];
    const total = now.totals[k], before = base.totals[k];
    this.page.indicators.forEach((one, i) => this.showTile(this.tiles[i], one, now.totals[i], base.totals[i], i === k));
    say(this.at.title, indicator.title[language]);
    say(this.at.view, this.per(state));
    this.at.answer.classList.toggle('unknown', !total.known || !now.finite);
    if (!now.finite || !total.known) {
      say(this.at.value, '–');
      say(this.at.unit, '');
      say(this.at.interval, t(now.finite ? 'unknown_total' : 'no_result'));
      for (const name of ['statistics', 'change', 'sure', 'limit']) say(this.at[name], '');
      this.at.density.replaceChildren();
      this.label([]);
    } else {
      this.headline(total, before, now, base, indicator);
      this.limit(now, state);
      this.draw(total, before, indicator, base.moved || now.moved);
    }
    say(document.getElementById('brief'), `${this.at.value.textContent} ${this.at.unit.textContent}`);
    say(document.getElementById('brief-change'), now.moved ? this.tiles[k].change.textContent : '');
    this.showStages(now, base, indicator);
    this.showDrivers(now);
  }

  per(state) {
    return state.view === 'total' ? this.words.t('in_all') : this.words.t('per', { unit: this.page.functionalUnit[this.words.at()] });
  }

  headline(total, before, now, base, indicator) {
    const { t, language } = this.words, shown = figure(total.point, total.p5, total.p95, indicator.family, language);
    say(this.at.value, shown.point);
    say(this.at.unit, shown.unit);
    say(this.at.interval, shown.low ? t('interval', { low: shown.low, high: shown.high, unit: shown.unit }) : t('certain'));
    const scale = indicator.family.find(([, name]) => name === shown.unit)[0];
    const several = shown.low ? t('statistics', { median: number(total.median / scale, 2, language), mean: number(total.mean / scale, 2, language), unit: shown.unit }) : '';
    say(this.at.statistics, total.partly ? `${several}${several ? ' · ' : ''}${t('partly')}` : several);
    if (!now.moved || !before.known || !before.point) {
      say(this.at.change, now.moved ? '' : t('unchanged'));
      say(this.at.sure, '');
    } else {
      const change = total.point / before.point - 1, [low, high] = now.difference;
      const sure = now.lower + now.higher > 0 ? t(now.lower >= now.higher ? 'lower' : 'higher', { share: percent(Math.max(now.lower, now.higher), language) }) : t('same');
      say(this.at.change, t('change', { change: signed(percent(change, language)) }));
      say(this.at.sure, high - low > 1e-9 ? `${sure} (${signed(percent(low, language))} … ${signed(percent(high, language))})` : sure);
    }
    this.at.change.classList.toggle('moved', now.moved);
  }

  limit(now, state) {
    const found = state.view === 'total' ? undefined : now.study.limits.find(([k]) => k === state.indicator);
    if (!found) { say(this.at.limit, ''); return; }
    const { t, language } = this.words, indicator = this.page.indicators[state.indicator], total = now.totals[state.indicator];
    const [scale, unit] = familyUnit(indicator, found[1]);
    const kept = total.values.reduce((count, x) => count + (x <= found[1] ? 1 : 0), 0) / total.values.length;
    say(this.at.limit, t('limit', { limit: `${plain(found[1] / scale, 4, language)} ${unit}`, share: percent(kept, language) }));
  }

  showTile(tile, indicator, total, before, chosen) {
    const { language } = this.words, shown = total.known ? figure(total.point, total.p5, total.p95, indicator.family, language) : null;
    if (tile.input.checked !== chosen) tile.input.checked = chosen;
    tile.whole.classList.toggle('chosen', chosen);
    say(tile.name, indicator.title[language]);
    say(tile.value, shown ? `${shown.point} ${shown.unit}` : '–');
    const change = total.known && before.known && before.point ? total.point / before.point - 1 : 0;
    say(tile.change, Math.abs(change) >= 0.0005 ? signed(percent(change, language)) : '');
    tile.change.classList.toggle('less', change < 0);
  }

  // --- the density of the draws, and that of the file's own

  draw(total, before, indicator, ghost) {
    const svg = this.at.density, { language } = this.words;
    const arrays = ghost && before.known ? [before, total] : [total];
    let low = Math.min(...arrays.map((a) => a.p1)), high = Math.max(...arrays.map((a) => a.p99));
    const logarithmic = low > 0 && high / low > 6;
    if (!(high > low)) { low -= Math.abs(low) * 0.5 || 1; high += Math.abs(high) * 0.5 || 1; }
    const margin = logarithmic ? (high / low) ** 0.08 : (high - low) * 0.08;
    [low, high] = logarithmic ? [low / margin, high * margin] : [low - margin, high + margin];
    const of = logarithmic ? Math.log : (x) => x, x = (value) => (600 * (of(value) - of(low))) / (of(high) - of(low));
    const curves = arrays.map((a) => (a.p95 - a.p5 > 1e-9 * Math.abs(a.p95) ? density(a.values, low, high, logarithmic, DENSITY_STEPS) : null));
    const top = Math.max(...curves.map((c) => (c ? Math.max(...c) : 0))) || 1;
    const path = (curve, from, to) => {
      const points = [...curve].map((y, i) => [(600 * (i + 0.5)) / DENSITY_STEPS, GROUND - ((GROUND - 14) * y) / top]).filter(([at]) => at >= from && at <= to);
      return points.length ? `M${points[0][0].toFixed(1)},${GROUND} ${points.map(([a, b]) => `L${a.toFixed(1)},${b.toFixed(1)}`).join(' ')} L${points.at(-1)[0].toFixed(1)},${GROUND} Z` : '';
    };
    const shapes = [];
    if (arrays.length === 2) {
      shapes.push(curves[0] ? ['path', { d: path(curves[0], 0, 600), class: 'ghost' }] : ['line', { x1: x(before.point), x2: x(before.point), y1: 14, y2: GROUND, class: 'ghost' }]);
    }
    const curve = curves.at(-1);
    if (curve) shapes.push(['path', { d: path(curve, 0, 600), class: 'tails' }], ['path', { d: path(curve, x(total.p5), x(total.p95)), class: 'body' }]);
    shapes.push(['line', { x1: 0, x2: 600, y1: GROUND, y2: GROUND, class: 'axis' }], ['line', { x1: x(total.point), x2: x(total.point), y1: 4, y2: GROUND, class: 'stated' }]);
    const [scale, unit] = familyUnit(indicator, Math.abs(total.point || high));
    svg.replaceChildren(...shapes.map(([tag, attributes]) => this.shape(tag, attributes)));
    this.label(ticksOf(low / scale, high / scale, logarithmic).map((tick) => [x(tick * scale) / 6, plain(tick, 6, language)]));
    svg.setAttribute('aria-label', this.words.t('density', { unit }));
  }

  shape(tag, attributes) {
    const made = document.createElementNS(this.namespace, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  // Write the labels of the axis, each at a share of its length in %.
  label(ticks) {
    const box = this.at.ticks;
    while (box.children.length > ticks.length) box.lastChild.remove();
    while (box.children.length < ticks.length) box.append(element('span'));
    ticks.forEach(([at, text], i) => { say(box.children[i], text); box.children[i].style.left = `${at}%`; });
  }

  // --- stages, and what is left out

  showStages(now, base, indicator) {
    const { t, language } = this.words, body = this.at.stages;
    const known = now.stages.filter((s) => s.known), largest = Math.max(...known.map((s) => s.p95), ...base.stages.map((s) => s.point ?? 0), 0);
    const rows = now.stages.map((stage) => {
      const row = this.stageRow(stage.id, this.page.stages.find(({ id }) => id === stage.id));
      const before = base.stages.find(({ id }) => id === stage.id);
      row.whole.classList.toggle('hatched', !stage.known);
      const shown = stage.known ? figure(stage.point, stage.p5, stage.p95, indicator.family, language) : null;
      say(row.value, shown ? `${shown.point} ${shown.unit}` : t('unknown_stage'));
      say(row.interval, shown && shown.low ? `${shown.low} – ${shown.high}` : '');
      say(row.share, shown && now.total ? percent(stage.point / now.total, language) : '');
      const width = (value) => `${largest > 0 ? Math.max(0, (100 * value) / largest) : 0}%`;
      row.bar.style.width = stage.known ? width(stage.point) : '100%';
      row.spread.style.left = stage.known ? width(stage.p5) : '0';
      row.spread.style.width = stage.known ? width(stage.p95 - stage.p5) : '0';
      row.ghost.style.left = before?.known && now.moved ? width(before.point) : '-10px';
      return row.whole;
    });
    for (const [name, reason] of now.study.excluded) {
      const row = this.stageRow(`excluded/${name}`, null);
      row.whole.classList.add('hatched');
      row.ghost.hidden = true;
      say(row.name, this.page.stageTitles[name]?.[this.words.at()] ?? name.replace(/_/g, ' '));
      say(row.value, t('not_modelled', { reason }));
      row.value.colSpan = 3;
      row.value.title = reason;
      row.interval.hidden = row.share.hidden = true;
      row.bar.style.width = '100%';
      rows.push(row.whole);
    }
    if (rows.length !== body.children.length || rows.some((row, i) => row !== body.children[i])) body.replaceChildren(...rows);
  }

  stageRow(key, stage) {
    let row = this.stages.get(key);
    if (!row) {
      row = { name: element('th', { scope: 'row' }), value: element('td', { className: 'number' }), interval: element('td', { className: 'number interval' }), share: element('td', { className: 'number share' }) };
      row.bar = element('span', { className: 'bar' });
      row.spread = element('span', { className: 'spread' });
      row.ghost = element('span', { className: 'before' });
      if (stage) row.bar.style.setProperty('--colour', stage.colour);
      const lane = element('td', { className: 'lane' }, element('span', { className: 'lane-inside', ariaHidden: 'true' }, row.spread, row.bar, row.ghost));
      row.whole = element('tr', {}, row.name, lane, row.value, row.interval, row.share);
      this.stages.set(key, row);
    }
    if (stage) say(row.name, stage.title[this.words.at()]);
    return row;
  }

  // --- what drives it

  showDrivers(now) {
    const { t, language } = this.words;
    const shares = now.shares.filter(([, s]) => s >= 0.005).sort((a, b) => b[1] - a[1]).slice(0, SHOWN_DRIVERS);
    const rest = 1 - shares.reduce((sum, [, s]) => sum + s, 0);
    const rows = shares.map(([stream, share]) => [streamTitle(stream), share, percent(share, language)]);
    if (rows.length && rest >= 0.005) rows.push([t('rest'), rest, percent(rest, language), 'remains']);
    this.bars(this.at.uncertainty, rows.length ? rows : [[t('certain'), 0, '']], 1);
    const moved = now.elasticities.filter(([, e]) => Math.abs(e) >= 0.005).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, SHOWN_DRIVERS);
    const longest = Math.max(1, ...moved.map(([, e]) => Math.abs(e)));
    this.bars(this.at.elasticity, moved.map(([lever, e]) => [lever.place ? `${lever.title} (${lever.place})` : lever.title, Math.abs(e), signed(localised(e.toFixed(2), language)) + NARROW_BLANK + '%', e < 0 ? 'falls' : '']), longest);
  }

  bars(list, rows, whole) {
    while (list.children.length > rows.length) list.lastChild.remove();
    while (list.children.length < rows.length) {
      list.append(element('li', {}, element('span', { className: 'driver-name' }), element('span', { className: 'driver-lane', ariaHidden: 'true' }, element('span', { className: 'driver-bar' })), element('span', { className: 'driver-value' })));
    }
    rows.forEach(([name, size, text, kind], i) => {
      const [title, lane, value] = list.children[i].children;
      say(title, name);
      say(value, text);
      lane.firstChild.style.width = `${Math.max(0, Math.min(100, (100 * size) / whole))}%`;
      list.children[i].className = `${kind ?? ''}${i === 0 ? ' leads' : ''}`.trim();
    });
  }
}

function familyUnit(indicator, size) {
  return [...indicator.family].reverse().find(([scale]) => size / scale >= 1 - 1e-12) ?? indicator.family[0];
}

// Return a few round numbers between two ends.
function ticksOf(low, high, logarithmic) {
  if (logarithmic) {
    const found = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e++) for (const m of [1, 2, 5]) found.push(Number(`${m}e${e}`));
    const inside = found.filter((x) => x >= low && x <= high);
    return inside.length > 7 ? inside.filter((x) => /^1e?/.test(x.toExponential())) : inside;
  }
  const rough = (high - low) / 4, size = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 5, 10].map((m) => m * size).find((s) => s >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
