// The box that tells more about what the pointer is on.
const tip = document.getElementById('tip');
const tell = (text, x, y) => { tip.textContent = text; tip.hidden = false;
  tip.style.left = Math.min(x + 14, innerWidth - tip.offsetWidth - 10) + 'px';
  tip.style.top = Math.min(y + 16, innerHeight - tip.offsetHeight - 10) + 'px'; };
const hush = () => { tip.hidden = true; };
