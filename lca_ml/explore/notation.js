// Numbers as people read them, as lca_ml.notation writes them: significant digits, prefixes, U+2212 and U+202F.

const MINUS = '\u2212', NARROW_BLANK = '\u202f';

function localised(text, language) {
  const [head, ...tail] = text.split('e'), [whole, decimals] = head.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === 'fr' ? NARROW_BLANK : ',');
  const number = decimals === undefined ? grouped : grouped + (language === 'fr' ? ',' : '.') + decimals;
  return [number, ...tail].join('e').replace(/-/g, MINUS);
}

function decimalsOf(value, digits) {
  return value ? digits - 1 - Math.floor(Math.log10(Math.abs(Number(value.toExponential(digits - 1))))) : digits - 1;
}

function fixed(value, decimals, language) {
  const unit = 10 ** -decimals, rounded = decimals < 0 ? Math.round(value / unit) * unit : value;
  return localised(rounded.toFixed(Math.min(Math.max(decimals, 0), 100)), language);
}

// A number with so many significant digits.
function number(value, digits, language) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e15) return localised(value.toExponential(digits - 1), language);
  return fixed(value, decimalsOf(value, digits), language);
}

// A number with the digits it has, up to so many, powers of ten for what is long.
function plain(value, digits, language) {
  const short = Number(value.toPrecision(digits)), size = Math.abs(short);
  if (size && (size >= 1e7 || size < 1e-4)) return localised(short.toExponential().replace('e+', 'e'), language);
  return localised(String(short), language);
}

// A value with its interval: two digits on the interval, the value cut at the same decimal, four digits where nothing is uncertain.
//   family   [scale, name] of the units it may be shown in, smallest first, scales in the unit of the values
function figure(point, low, high, family, language) {
  const size = Math.abs(point || high), unit = [...family].reverse().find(([scale]) => size / scale >= 1 - 1e-12) ?? family[0];
  const [p, l, h] = [point, low, high].map((x) => x / unit[0]);
  if (!(h - l > 1e-9 * Math.max(Math.abs(l), Math.abs(h)))) return { point: number(p, 4, language), low: '', high: '', unit: unit[1] };
  const decimals = decimalsOf(l > 0 ? l : h - l, 2);
  return { point: cut(p, decimals, language), low: number(l, 2, language), high: number(h, 2, language), unit: unit[1] };
}

// The value of an interval cut at so many decimals; where those are more than a number holds, with the digits that would be seen.
function cut(value, decimals, language) {
  if (decimals <= 12 && Math.abs(value) < 1e15) return fixed(value, decimals, language);
  return number(value, Math.min(Math.max(Math.floor(Math.log10(Math.abs(value))) + decimals + 1, 1), 4), language);
}

function percent(share, language) {
  const value = 100 * share || 0, size = Math.abs(value);
  if (size >= 1e15) return number(value, 2, language) + NARROW_BLANK + '%';
  if (size > 0 && size < 0.1) return localised(value > 0 ? '< 0.1' : '> -0.1', language) + NARROW_BLANK + '%';
  return localised(value.toFixed(Math.round(size * 10) > 0 && Math.round(size * 10) < 10 ? 1 : 0), language) + NARROW_BLANK + '%';
}

function signed(text) {
  return text.startsWith(MINUS) || text === '0' ? text : '+' + text;
}

// Read a number as somebody types it: 0,35 · 0.35 · 5 000 000 · 5,000,000 · 5e6. NaN where it is none.
function typed(text, language) {
  let given = text.trim().replace(/[\s\u00a0\u202f_]/g, '').replace(/[\u2212\u2013]/g, '-');
  const grouped = language === 'en' && /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(given);
  given = grouped ? given.replace(/,/g, '') : given.replace(',', '.');
  return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(given) ? Number(given) : NaN;
}
