"""The style of the page: for the screen and for paper, with contrast of at least 4.5 to 1."""

STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --quiet: #57606a; --rule: #c9d1d9; --blue: #0b5cad;
  --middle: #6ea3d8; --light: #cfe2f5; --orange: #b34700; --wash: #f4f6f8; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: #fff; color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 .6rem; padding-top: .6rem; border-top: 2px solid var(--ink);
  overflow-wrap: anywhere; }
h3 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
p, main ul:not(.legend), dl { max-width: 46rem; }
p { margin: .4rem 0; }
a { color: var(--blue); }
nav ul { columns: 16rem 3; padding-left: 1.2rem; }
dt { font-weight: 650; }
dd { margin: 0 0 .5rem; }
.lead, small, .quiet { color: var(--quiet); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr));
  gap: .8rem; padding: 0; margin: 1rem 0; list-style: none; max-width: none !important; }
.figures li { border: 1px solid var(--rule); border-radius: 6px; padding: .5rem .8rem; }
.figures strong { display: block; font-size: 1.6rem; line-height: 1.2; font-weight: 650;
  font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; margin: .8rem 0 1.4rem; }
.wide:focus-visible, a:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 650; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0;
  border-bottom: 1px solid var(--rule); overflow-wrap: break-word; max-width: 24rem; }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: 500; min-width: 9rem; }
.pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(min(22rem, 100%), 2fr); gap: 1.6rem; }
.pair > * { min-width: 0; }
@media screen and (max-width: 60rem) { .pair { grid-template-columns: minmax(0, 1fr); gap: 0; } }
.n { display: block; text-align: right; white-space: nowrap; }
td small, th small { display: block; }
figure { margin: .8rem 0; max-width: 45rem; }
figcaption { font-weight: 650; font-size: .875rem; padding: .3rem 0; }
svg { display: block; width: 100%; height: auto; font: 14px system-ui, "Segoe UI", Roboto, sans-serif; }
svg.bar { width: 12.6rem; height: 1rem; margin-top: .15rem; }
svg.patterns { position: absolute; }
svg text { text-anchor: middle; font-weight: 600; }
.text-on-dark { fill: #fff; }
.text-on-light { fill: var(--ink); stroke: #fff; stroke-width: 4px; paint-order: stroke; }
.part { stroke: var(--ink); stroke-width: 1; }
.none { fill: #fff; stroke: var(--quiet); }
.solid { fill: var(--blue); }
.middle { fill: var(--middle); }
.light { fill: var(--light); }
.hatch { fill: url(#hatch); }
.dots { fill: url(#dots); }
.hatch-ground, .dots-ground { fill: #fff; }
.hatch-line, .dots-mark { fill: var(--orange); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0;
  margin: .4rem 0; font-size: .875rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
svg.swatch { width: 1.6rem; height: .95rem; flex: none; }
@media screen and (max-width: 40rem) { svg.bar { width: 5.5rem; } tbody th { min-width: 7rem; } }
@media print {
  @page { size: A4; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  nav { display: none; }
  .pair { display: block; }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  small { font-size: 7pt; }
  svg.bar { width: 34mm; height: 3mm; margin-top: .3mm; }
  thead { display: table-header-group; }
  tr, figure, .figures li { break-inside: avoid; }
  h2, h3, caption, .legend { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
