// The state after the step that the pointer is on, or that the arrow keys have come to.
const story = JSON.parse(document.getElementById('data').textContent);
const stripes = [...document.querySelectorAll('.stripe')];
const panel = document.getElementById('state');
const make = (name, text, kind) => { const made = document.createElement(name);
  if (text !== undefined) made.textContent = text; if (kind) made.className = kind; return made; };
const first = stripes.length ? +stripes[0].dataset.step : 1;
let now = story.steps.length;
const show = at => {
  now = Math.min(Math.max(at, 0), story.steps.length);
  for (const stripe of stripes) stripe.classList.toggle('now', +stripe.dataset.step === now);
  const values = new Map(), changed = new Set();
  for (const step of story.steps.slice(0, now)) for (const [name, value] of step.changes) values.set(name, value);
  if (now) for (const [name] of story.steps[now - 1].changes) changed.add(name);
  document.getElementById('when').textContent = now ? `After step ${now}` : 'At the start';
  panel.replaceChildren();
  for (const { owners, rows } of story.start) {
    const table = make('table'), head = make('tr');
    head.append(make('th'), ...owners.map(owner => make('th', owner || 'model')));
    table.append(head);
    for (const [variable, start] of rows) {
      const row = make('tr'); row.append(make('th', variable));
      owners.forEach((owner, at) => { const name = owner ? `${owner}.${variable}` : variable;
        row.append(make('td', values.get(name) ?? start[at], changed.has(name) ? 'changed' : '')); });
      table.append(row); }
    panel.append(table); }
  if (story.waiting.some(list => list.length)) {
    const before = now ? story.waiting[now - 1] : [], list = make('ul');
    for (const message of story.waiting[now])
      list.append(make('li', message, before.includes(message) ? '' : 'new'));
    panel.append(make('h3', 'in flight'), list.children.length ? list : make('p', 'nothing', 'note')); } };
if (panel) {
  for (const stripe of stripes) for (const event of ['mouseenter', 'click'])
    stripe.addEventListener(event, () => show(+stripe.dataset.step));
  addEventListener('keydown', event => {
    const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault(); show(now + way);
    stripes[Math.max(0, now - first)]?.scrollIntoView({ block: 'nearest' }); });
  show(now); }
