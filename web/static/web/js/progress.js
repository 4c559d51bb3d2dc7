// Keeps a progress page up to date. Without it the page has a link that does the same.
const shown = document.querySelector("[data-progress]");

async function update() {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
  if (!answer.ok || fresh === null) {
    window.location.reload();
    return;
  }
  if (fresh.textContent !== shown.textContent) shown.replaceChildren(...fresh.childNodes);
  window.setTimeout(update, 2000);
}

if (shown !== null) window.setTimeout(update, 2000);
