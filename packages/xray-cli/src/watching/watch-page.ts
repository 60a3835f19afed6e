/** The page of `xray watch`: curves from the events of the server that gave it. It loads nothing from elsewhere. */
export const WATCH_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#ccc, #444); --a: light-dark(#1f5fbf, #7fb0ff); --b: light-dark(#b3541e, #ffb07f); }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  #charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1.5rem; }
  figure { margin: 0; } svg { width: 100%; height: auto; border: 1px solid var(--line); }
  .train { stroke: var(--a); fill: none; stroke-width: 2; } .validation { stroke: var(--b); fill: none; stroke-width: 2; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
  td, th { border: 1px solid var(--line); padding: .2rem .5rem; text-align: right; }
</style>
<h1>Training</h1>
<p id="state" role="status">Waiting for the first epoch.</p>
<div id="charts"></div>
<div class="scroll"><table><caption>Epochs, the last one first</caption><thead></thead><tbody></tbody></table></div>
<p>Research only, not a medical device.</p>
<script>
const CHARTS = [['Loss', 'loss', 'val_loss'], ['Accuracy', 'accuracy', 'val_accuracy'], ['AUROC', undefined, 'val_auroc'], ['Learning rate', 'learning_rate', undefined]];
const path = (values, low, high) => values.map((value, index) => {
  const x = 10 + 280 * (values.length < 2 ? 0.5 : index / (values.length - 1));
  const y = 150 - 140 * (high > low ? (value - low) / (high - low) : 0.5);
  return (index ? 'L' : 'M') + x.toFixed(1) + ' ' + y.toFixed(1);
}).join('');
const short = (value) => value === undefined ? '' : String(Number(Number(value).toPrecision(4)));
function draw({ status, history }) {
  document.querySelector('#state').textContent = history.length + (history.length === 1 ? ' epoch' : ' epochs') + ' done; the run is ' + status + '.';
  document.querySelector('#charts').innerHTML = CHARTS.map(([title, train, validation]) => {
    const lines = [[train, 'train'], [validation, 'validation']].filter(([name]) => name && history.some((row) => row[name] !== undefined));
    if (!lines.length) return '';
    const all = lines.flatMap(([name]) => history.map((row) => row[name])).filter((value) => value !== undefined);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const paths = lines.map(([name, kind]) => '<path class="' + kind + '" d="' + path(history.map((row) => row[name]), low, high) + '"/>').join('');
    const last = lines.map(([name, kind]) => kind + ' ' + short(history.at(-1)[name])).join(', ');
    return '<figure><figcaption>' + title + ': ' + last + '</figcaption><svg viewBox="0 0 300 160" role="img" aria-label="' + title + ' from ' + short(low) + ' to ' + short(high) + '">' + paths + '</svg></figure>';
  }).join('');
  const names = [...new Set(history.flatMap((row) => Object.keys(row)))];
  const cells = (tag, values) => '<tr>' + values.map((value) => '<' + tag + '>' + value + '</' + tag + '>').join('') + '</tr>';
  document.querySelector('thead').innerHTML = cells('th', names);
  document.querySelector('tbody').innerHTML = history.toReversed().map((row) => cells('td', names.map((name) => name === 'epoch' ? row.epoch + 1 : short(row[name])))).join('');
}
const events = new EventSource('events');
events.onmessage = ({ data }) => draw(JSON.parse(data));
events.onerror = () => { document.querySelector('#state').textContent += ' The watching program has ended.'; events.close(); };
</script>
</html>
`;
