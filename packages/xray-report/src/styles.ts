import { PALETTE } from './theme.js';

/** The style sheet of the page: colours of both schemes, then the rules. */
export function styles(): string {
  const names = Object.entries(PALETTE);
  const variables = (scheme: 0 | 1) => names.map(([name, colors]) => `--${name}:${colors[scheme]}`).join(';');
  // Charts carry light colours as attributes, which any rule overrides.
  const mapped = names
    .map(
      ([name, [light]]) => `[fill="${light}"]{fill:var(--${name})}[stroke="${light}"]{stroke:var(--${name})}`,
    )
    .join('\n');
  const swatches = names.map(([name]) => `.${name}{--color:var(--${name})}`).join('');
  return `
:root{${variables(0)}}
@media screen and (prefers-color-scheme:dark){
:root{${variables(1)}}
${mapped}
}
${swatches}
${RULES}`;
}

const RULES = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 -apple-system,"Segoe UI",Roboto,Ubuntu,Cantarell,"Noto Sans","Liberation Sans","Helvetica Neue",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:48px 24px 24px}
h1,h2,h3{line-height:1.2;text-wrap:balance;overflow-wrap:anywhere}
h1{margin:0;font-size:34px;letter-spacing:-.02em}
h2{margin:0 0 16px;padding-top:20px;border-top:2px solid var(--ink);font-size:24px;letter-spacing:-.01em}
h3{margin:32px 0 10px;font-size:18px}
h2+h3,.lead+h3{margin-top:8px}
p{margin:0}
section{margin-top:52px;scroll-margin-top:12px}
ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
a{color:var(--blue);text-underline-offset:3px}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
.summary{max-width:70ch;margin-top:10px;color:var(--muted);font-size:19px;line-height:1.45}
.notice{display:inline-block;margin-top:18px;padding:5px 14px;border:1px solid var(--orange);border-radius:999px;background:var(--caution);font-size:14.5px;font-weight:600}
nav{margin-top:26px;font-size:15px}
nav ul{display:flex;flex-wrap:wrap;gap:6px 22px}
.lead{max-width:92ch;margin-bottom:14px;color:var(--muted);overflow-wrap:anywhere}
.remark{margin-top:10px;color:var(--muted);font-size:13.5px;line-height:1.45}
.card,.tile,.scroll,.fold{background:var(--surface);border:1px solid var(--rule);border-radius:8px}
.card{padding:18px 20px}
.columns{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px;align-items:start;margin-bottom:18px}
.card{margin-bottom:18px}
.columns>.card,li.card{margin:0}
.columns>.card{height:100%}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:14px;margin-top:28px}
.tile{padding:16px 18px 14px}
.tile dt{color:var(--muted);font-size:14.5px;font-weight:600}
.value{display:block;font-size:35px;font-weight:650;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.range{display:block;width:100%;height:6px;margin:6px 0;border-radius:3px}
.range .track{fill:var(--rule)}
.range .span{fill:var(--blue)}
.interval{color:var(--muted);font-size:13px;font-variant-numeric:tabular-nums}
.interval span{white-space:nowrap}
.note{margin-top:10px;padding:12px 16px;border-left:4px solid var(--blue);border-radius:0 8px 8px 0;background:var(--surface);overflow-wrap:anywhere}
.note.warning{border-color:var(--orange);background:var(--caution)}
.note ul{margin-top:6px;padding-left:20px;list-style:disc;color:var(--muted);font-size:14px}
summary{cursor:pointer;font-size:15px;font-weight:600}
.note summary{margin-top:6px;font-size:14px}
.fold{margin-bottom:18px;padding:12px 18px}
.fold .scroll{margin:10px -18px -12px;border-width:1px 0 0;border-radius:0 0 8px 8px}
figcaption{margin-bottom:10px;font-size:16px;font-weight:600}
figure svg{display:block;width:100%;height:auto}
figure svg text{font-family:inherit!important;font-variant-numeric:tabular-nums}
.rings{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:8px;justify-items:center;align-items:center}
.rings svg{max-width:250px}
.rings .legend{flex-direction:column;margin:0}
.legend+svg{margin-top:6px}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:14px}
.network+.legend{margin-top:14px}
.legend li{display:flex;align-items:center;gap:7px}
.swatch{width:12px;height:12px;border-radius:3px;background:var(--color)}
.scroll{margin-bottom:18px;overflow-x:auto;background:linear-gradient(90deg,var(--surface) 40%,transparent) left/36px 100% no-repeat local,linear-gradient(270deg,var(--surface) 40%,transparent) right/36px 100% no-repeat local,linear-gradient(90deg,rgb(0 0 0/.16),transparent) left/12px 100% no-repeat,linear-gradient(270deg,rgb(0 0 0/.16),transparent) right/12px 100% no-repeat,var(--surface)}
.columns .scroll{margin:0}
table{width:100%;border-collapse:collapse;font-size:14.5px;font-variant-numeric:tabular-nums}
caption{padding:14px 18px 8px;font-size:16px;font-weight:600;text-align:left}
caption span{position:sticky;left:18px;display:inline-block;max-width:calc(100vw - 70px)}
th,td{padding:7px 12px;text-align:left;white-space:nowrap}
th:first-child{padding-left:18px}
tr>:last-child{padding-right:18px}
thead th{color:var(--muted);font-size:13px;font-weight:600;border-bottom:1px solid var(--gray)}
tbody th{font-weight:500}
tbody tr+tr>*{border-top:1px solid var(--rule)}
tbody tr.total>*,tbody tr.average>*{border-top-color:var(--gray)}
tbody tr.total>*{font-weight:600}
tbody tr.marked>*{background:var(--sunken);font-weight:600}
tbody tr:last-child>*{padding-bottom:12px}
.number{text-align:right}
.samples,.mistakes{display:grid;gap:14px}
.samples{grid-template-columns:repeat(auto-fill,minmax(300px,1fr))}
.mistakes{grid-template-columns:repeat(auto-fill,minmax(160px,1fr))}
.samples .card,.mistakes .card{padding:12px;font-size:14.5px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:10px;align-items:end;margin-bottom:8px}
.card img{display:block;width:100%;border-radius:4px;background:#000}
.pair img{height:132px;object-fit:contain}
.mistakes img{aspect-ratio:1;object-fit:contain;margin-bottom:8px}
.mistakes dl div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 8px}
.mistakes dt,.size,.file{color:var(--muted);font-size:13px}
.mistakes dd{font-weight:600;overflow-wrap:break-word;min-width:0}
.size{display:block;margin-top:3px;text-align:center;font-variant-numeric:tabular-nums}
.file{overflow-wrap:anywhere}
.samples strong{display:block}
.copies{display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:14px}
.copies .card{padding:12px;font-size:14.5px}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(96px,1fr));gap:10px;margin-top:8px}
.card.pictures{grid-template-columns:repeat(auto-fill,minmax(120px,1fr));margin:0 0 4px}
.pictures img{aspect-ratio:1;object-fit:contain;margin-bottom:4px}
.pictures .file{font-size:12px;line-height:1.35}
.pictures strong{display:block;color:var(--ink);font-size:14px}
.tag{display:inline-block;padding:0 8px;border:1px solid var(--orange);border-radius:999px;background:var(--caution);font-size:12.5px}
.findings{margin:0 0 18px}
.findings dd .interval{display:block}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:0 32px;padding:10px 20px}
.facts div{padding:8px 0;border-bottom:1px solid var(--rule)}
.facts .wide{grid-column:1/-1}
.facts dt{color:var(--muted);font-size:13px}
.facts dd{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.network{display:grid;grid-template-columns:repeat(auto-fill,140px);justify-content:center;gap:14px 0}
.network p{padding:0 6px;font-size:12.5px;line-height:1.4}
.network p>*{display:block;overflow-wrap:anywhere}
.network strong{font-size:13px}
.network span{color:var(--muted)}
.network text{fill:var(--ink);font-size:11px}
.arrow{stroke:var(--gray);stroke-width:1.2;fill:none}
.head{fill:var(--gray)}
.box path{fill:var(--color);stroke:var(--surface);stroke-width:1;stroke-linejoin:round}
.box .top{filter:brightness(1.18)}
.box .side{filter:brightness(.82)}
.box.frozen path{fill:var(--sunken);stroke:var(--color);stroke-width:1.4;stroke-dasharray:3 2;filter:none}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{max-width:1120px;margin:0 auto;padding:8px 24px 48px;color:var(--muted);font-size:14px}
@media screen and (max-width:820px){
.columns{grid-template-columns:minmax(0,1fr)}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
}
@media screen and (max-width:520px){
main{padding:26px 12px 12px}
footer{padding:8px 12px 32px}
h1{font-size:27px}
.summary{font-size:17px}
.tiles{gap:10px}
.tile{padding:12px}
.value{font-size:27px}
.card{padding:12px}
th,td{padding:7px 9px}
table{font-size:13.5px}
.facts,.samples{grid-template-columns:minmax(0,1fr)}
.mistakes{grid-template-columns:repeat(2,minmax(0,1fr))}
section{margin-top:40px}
}
@media print{
body{background:none;font-size:11pt}
main{max-width:none;padding:0}
nav{display:none}
.card,.tile,.note,.columns>*,tr,h2,h3{break-inside:avoid}
h2,h3,.lead,figcaption,caption{break-after:avoid}
.rings{grid-template-columns:repeat(auto-fit,minmax(120px,1fr))}
.scroll{overflow:visible;background:none}
section{margin-top:28px}
table{font-size:8.5pt}
th,td{padding:3px 6px}
th:first-child{padding-left:12px}
caption{padding:10px 12px 4px}
.card{padding:12px}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
