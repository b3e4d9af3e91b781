// The page's texts: one JSON file per language, Korean first.

const LANGUAGES = ["ko", "en"];
const kept = "charterline.phone.language";
const tables = {};
let current = "ko";

async function table(language) {
  if (!tables[language]) {
    const answer = await fetch(`/page/words.${language}.json`);
    if (!answer.ok) throw new Error(`/page/words.${language}.json: ${answer.status}`);
    tables[language] = await answer.json();
  }
  return tables[language];
}

export function firstLanguage(query) {
  const wished = query.get("lang") || localStorage.getItem(kept);
  return LANGUAGES.includes(wished) ? wished : "ko";
}

export function otherLanguage() {
  return current === "ko" ? "en" : "ko";
}

export async function useLanguage(language) {
  await table(language);
  current = language;
  localStorage.setItem(kept, language);
  document.documentElement.lang = language;
  document.title = word("page.title");
  fill(document);
}

export function word(id, values = {}) {
  const text = tables[current]?.[id] ?? id;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Fills every element under `root` that names its text with data-word. */
export function fill(root) {
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
}
