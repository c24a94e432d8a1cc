/* A download of a[data-export] with a progress bar once it takes longer than a second; without JavaScript the browser's
   own. The server streams the list, so that how much has come is known from the first row on. Texts are the page's.
   site.js fetches this when the first such link is clicked. */
const PATIENCE = 1000;

function shown(link) {
  const line = document.createElement("span");
  line.className = "nrs-export";
  line.setAttribute("role", "status");
  line.append(document.createElement("progress"), document.createElement("span"));
  line.firstChild.className = "nrs-progress";
  line.firstChild.setAttribute("aria-label", link.dataset.working);
  link.closest("ul, p").after(line);
  return line;
}

async function read(link, answer, lineNow) {
  const total = Number(answer.headers.get("Content-Length"));
  const parts = [];
  const reader = answer.body.getReader();
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    size += next.value.length;
    const line = lineNow();
    if (line) tell(line, link, size, total);
  }
  return new Blob(parts, { type: answer.headers.get("Content-Type") });
}

function tell(line, link, size, total) {
  const bar = line.firstChild;
  if (total) [bar.max, bar.value] = [total, size];
  line.lastChild.textContent = link.dataset.working + " " + Math.ceil(size / 1000) + " kB";
}

function save(blob, answer) {
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = named ? named[1] : "nrs";
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** Fetch what the link names and save it; a second click meanwhile does nothing. */
export async function download(link) {
  if (link.dataset.busy) return;
  link.dataset.busy = "yes";
  const begun = Date.now();
  let line = null;
  const waiting = setTimeout(() => (line = shown(link)), PATIENCE);
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    clearTimeout(waiting);
    if (!answer.ok) throw new Error(String(answer.status));
    save(await read(link, answer, () => (line = line || (Date.now() - begun > PATIENCE ? shown(link) : null))), answer);
    if (line) line.textContent = link.dataset.done;
  } catch {
    clearTimeout(waiting);
    window.location.assign(link.href); // the server's own words about what is wrong, or the browser's
  } finally {
    delete link.dataset.busy;
  }
}
