/** How a picture looks, by light and by dark, and the shapes that it uses. */

/** Calls with a colour of their own; others are grey. */
export const COLOURS = 5;

/**
 * Colours are Okabe and Ito's, which people tell apart who see red and green alike; the failures' is kept for these. Each
 * has a darker edge, and what matters has a shape as well.
 */
export const STYLE = `
.rpm{--paper:#fff;--ink:#1f2328;--muted:#59636e;--line:#dfe3e8;--track:#f1f3f5;--soft:#aeb7c0;--bad:#d55e00;--stripe:#7a2f00}
@media (prefers-color-scheme:dark){.rpm{--paper:#0d1117;--ink:#e6edf3;--muted:#9aa4af;--line:#2a3038;--track:#171c23;--soft:#59636e;--bad:#f07f2e;--stripe:#6b2900}}
.rpm text{font:11px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:var(--ink)}
.rpm .h{font-size:16px;font-weight:600}
.rpm .s{font-size:12px}
.rpm .s,.rpm .x,.rpm .i{fill:var(--muted)}
.rpm .x,.rpm .n{text-anchor:middle}
.rpm .l{text-anchor:end}
.rpm .i{font-style:italic}
.rpm .m{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.rpm .b{fill:var(--paper)}
.rpm .g{stroke:var(--line)}
.rpm .w{fill:var(--track)}
.rpm .e{stroke:var(--muted)}
.rpm .c0{fill:#0072b2;stroke:#00507d}
.rpm .c1{fill:#e69f00;stroke:#996a00}
.rpm .c2{fill:#009e73;stroke:#006a4d}
.rpm .c3{fill:#cc79a7;stroke:#8f4a70}
.rpm .c4{fill:#56b4e9;stroke:#2b7bab}
.rpm .c9{fill:#8c959f;stroke:#5b646d}
.rpm .p{fill-opacity:.25}
.rpm .f{fill:url(#rpm-f);stroke:var(--stripe)}
.rpm text.n{fill:#0b0f14}
.rpm text.n0{fill:#fff}
.rpm text.m{fill:var(--ink)}
@media (prefers-color-scheme:dark){.rpm .c0{fill:#4a9fd8;stroke:#9fd0f2}.rpm text.n0{fill:#0b0f14}}
.rpm-o{fill:var(--paper);stroke:var(--bad);stroke-width:1.5}
.rpm-k{fill:none;stroke:var(--bad);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.rpm .z{stroke:var(--bad);stroke-width:3}
.rpm .r{fill:var(--ink);stroke:var(--paper)}
.rpm .starting{fill:url(#rpm-s)}
.rpm .no-work{fill:url(#rpm-n)}
.rpm .window-full{fill:url(#rpm-w)}
.rpm .slow-consumer{fill:url(#rpm-c)}
.rpm .limit{fill:url(#rpm-l)}
.rpm .retry-delay{fill:url(#rpm-r)}
`;

/** Patterns have no colours of their own, so that pictures may be beside each other in one page. */
export const SHAPES =
  pattern(
    'f',
    6,
    '<path fill="var(--bad)" stroke="none" d="M0 0h6v6H0z"/><path stroke="var(--stripe)" stroke-width="1.5" d="M-1 1 1-1M-1 7 7-1M5 7 7 5"/>',
  ) +
  pattern('s', 6, '<path stroke="var(--soft)" d="M-1 5 1 7M-1-1 7 7M5-1 7 1"/>') +
  pattern('n', 6, '<circle fill="var(--muted)" cx="3" cy="3" r=".9"/>') +
  pattern('w', 6, '<path stroke="var(--muted)" stroke-width="1.5" d="M3 0v6"/>') +
  pattern(
    'c',
    6,
    '<path stroke="var(--muted)" stroke-width="1.3" fill="none" d="M0 2 3 5 6 2M0-4 3-1 6-4M0 8 3 11 6 8"/>',
  ) +
  pattern('l', 6, '<path stroke="var(--muted)" d="M0 3h6M3 0v6"/>') +
  pattern('r', 6, '<path stroke="var(--muted)" stroke-dasharray="3 3" d="M0 3h6"/>') +
  badge('failed', 'M-2-2 2 2M-2 2 2-2') +
  badge('timed-out', 'M0-2.6V0L2 1.2') +
  badge('crashed', 'M.8-3-1.4.4H1.4L-.8 3') +
  badge('cancelled', 'M-2.2 0H2.2');

function pattern(id: string, size: number, content: string): string {
  return `<pattern id="rpm-${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">${content}</pattern>`;
}

function badge(id: string, path: string): string {
  return `<g id="rpm-${id}"><circle class="rpm-o" r="5"/><path class="rpm-k" d="${path}"/></g>`;
}
