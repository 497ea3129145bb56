// What scripts say, in the language of the page: the page brings it along (shell/browser_texts.py).
const texts = JSON.parse(document.getElementById("texts").textContent);

export const locale = texts.locale;

export function text(name, values = {}) {
  return texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}
