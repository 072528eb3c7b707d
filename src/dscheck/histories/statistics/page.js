// The pointer over one chart shows the same moment in all of them, and its numbers.
const tips = JSON.parse(document.getElementById('data').textContent);
const charts = [...document.querySelectorAll('.chart')];
for (const chart of charts) {
  chart.addEventListener('mousemove', event => {
    const box = chart.getBoundingClientRect(), wide = chart.viewBox.baseVal.width;
    const left = +chart.dataset.left, right = +chart.dataset.right;
    const x = Math.min(right, Math.max(left, (event.clientX - box.left) * wide / box.width));
    const at = Math.min(tips.length - 1, Math.floor((x - left) / (right - left) * tips.length));
    for (const cursor of document.querySelectorAll('.cursor')) {
      cursor.setAttribute('x1', x); cursor.setAttribute('x2', x); cursor.setAttribute('visibility', 'visible'); }
    tell(tips[at], event.clientX, event.clientY); });
  chart.addEventListener('mouseleave', () => { hush();
    for (const cursor of document.querySelectorAll('.cursor')) cursor.setAttribute('visibility', 'hidden'); }); }
