// Hovering, arrow keys, and the violation in the middle of its box.
const light = (at, on) => { const section = at.closest('section');
  for (const li of section.querySelectorAll(`li[data-for="${at.dataset.edge}"]`)) li.classList.toggle('lit', on); };
for (const at of document.querySelectorAll('[data-tip]')) {
  at.addEventListener('mousemove', e => tell(at.dataset.tip, e.clientX, e.clientY));
  at.addEventListener('focus', () => { const box = at.getBoundingClientRect(); tell(at.dataset.tip, box.left, box.bottom); });
  for (const leave of ['mouseleave', 'blur']) at.addEventListener(leave, hush);
  if (at.dataset.edge !== undefined) {
    at.addEventListener('mouseenter', () => light(at, true));
    at.addEventListener('mouseleave', () => light(at, false)); } }
for (const li of document.querySelectorAll('li[data-for]')) {
  const edge = li.closest('section').querySelector(`[data-edge="${li.dataset.for}"]`);
  if (edge) { li.addEventListener('mouseenter', () => edge.classList.add('lit'));
    li.addEventListener('mouseleave', () => edge.classList.remove('lit')); } }
addEventListener('keydown', e => { if (e.key !== 'ArrowRight' && e.key !== 'ArrowLeft') return;
  const bars = [...document.querySelectorAll('.bar')]; if (!bars.length) return;
  const at = bars.indexOf(document.activeElement) + (e.key === 'ArrowRight' ? 1 : -1);
  bars[Math.max(0, Math.min(at, bars.length - 1))].focus(); e.preventDefault(); });
for (const box of document.querySelectorAll('.centred')) {
  const proof = box.querySelectorAll('.proof rect');
  const middle = box.querySelector('.stuck rect') || proof[proof.length - 1];
  const names = box.querySelector('.names');
  box.addEventListener('scroll', () => names.setAttribute('transform', `translate(${box.scrollLeft},0)`));
  if (!middle) continue;
  const left = bar => +bar.getAttribute('x'), right = bar => left(bar) + +bar.getAttribute('width');
  const edge = +names.querySelector('rect').getAttribute('width') + 4;
  box.scrollLeft = (left(middle) + right(middle) - box.clientWidth) / 2;
  // An operation that the names would cut is shown from its beginning, if it is not far.
  const cut = [...box.querySelectorAll('.bar rect')].filter(bar =>
    left(bar) < box.scrollLeft + edge && right(bar) > box.scrollLeft + edge).map(left);
  const near = cut.filter(at => at > box.scrollLeft + edge - 160);
  if (near.length) box.scrollLeft = Math.min(...near) - edge; }
