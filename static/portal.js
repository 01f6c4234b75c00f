// The little that HTML and htmx do not do: the drawer, keys, copying, the theme, and words when a request fails.
"use strict";

const drawer = () => document.getElementById("drawer");
const rows = () => [...document.querySelectorAll("tr[data-href]")];
const say = (words) => { document.getElementById("live").textContent = words; };

// Drawer: a row's page, shown beside the list. The address follows, so that a reload or a sent link shows the page.
let listAddress = location.href;

function markRow(href) {
  for (const row of rows()) row.toggleAttribute("aria-current", row.dataset.href === href);
}

function openDrawer(href, push = true) {
  if (drawer().hidden) listAddress = location.href;
  if (push) history[drawer().hidden ? "pushState" : "replaceState"]({}, "", href);
  markRow(href);
  htmx.ajax("GET", href, { target: "#drawer", swap: "innerHTML" });
}

function closeDrawer(push = true) {
  const href = document.querySelector("tr[aria-current]")?.dataset.href;
  drawer().hidden = true;
  drawer().replaceChildren();
  if (push) history.pushState({}, "", listAddress);
  if (href) document.querySelector("tr[aria-current] a[data-drawer]")?.focus();
  markRow("");
}

function moveInDrawer(step) {
  const all = rows();
  const next = all[all.findIndex((row) => row.hasAttribute("aria-current")) + step];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  openDrawer(next.dataset.href);
}

window.addEventListener("popstate", () => {
  if (!drawer()) return;
  const row = rows().find((each) => new URL(each.dataset.href, location.href).href === location.href);
  if (row) openDrawer(row.dataset.href, false);
  else if (location.href === listAddress) closeDrawer(false);
  else location.reload();
});

document.addEventListener("click", (event) => {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-drawer-close]")) {
    event.preventDefault();
    return closeDrawer();
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) return copyFrom(copy);
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) return chooseTheme(theme.dataset.themeChoice);
  if (event.target.closest("[data-dismiss]")) return event.target.closest(".banner").remove();
  const row = event.target.closest("tr[data-href]");
  const other = event.target.closest("a:not([data-drawer]), button, input, label, summary");
  if (!row || other || !isPlain || !drawer() || String(getSelection())) return;
  event.preventDefault();
  openDrawer(row.dataset.href);
});

document.addEventListener("auxclick", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (row && event.button === 1 && !event.target.closest("a")) window.open(row.dataset.href, "_blank", "noopener");
});

// Keys: "/" to the search field, Escape closes, up and down walk the rows while the drawer is open.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (drawer() && !drawer().hidden) closeDrawer();
    return;
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("search");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  } else if (drawer() && !drawer().hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    moveInDrawer(event.key === "ArrowDown" ? 1 : -1);
  }
});

async function copyFrom(button) {
  const source = document.querySelector(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text.trim());
    say("Copied.");
    button.dataset.label ??= button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
  } catch {
    getSelection().selectAllChildren(source);
    say("Copying is not allowed here. The text is selected: copy it with the keyboard.");
  }
}

function chooseTheme(choice) {
  const isAuto = choice === "auto";
  document.cookie = `theme=${isAuto ? "" : choice}; path=/; max-age=${isAuto ? 0 : 31536000}; samesite=lax`;
  if (isAuto) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

// What the server said about one field.
function markField(words) {
  const input = document.getElementById(words.id.replace(/-error$/, ""));
  const isWrong = words.textContent.trim() !== "";
  input.setAttribute("aria-invalid", String(isWrong));
  input.closest(".field").classList.toggle("has-error", isWrong);
}

// htmx: show what came, and say so when nothing came.
function toast(words) {
  const box = document.createElement("div");
  box.className = "banner banner-bad";
  const text = document.createElement("div");
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-small button-quiet";
  close.dataset.dismiss = "";
  close.textContent = "Dismiss";
  box.append(text, close);
  document.getElementById("toasts").replaceChildren(box);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  // A session that ended answers with the sign-in page: go there as a whole page.
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.requestPath, location.href).pathname;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked) return;
  event.detail.shouldSwap = false;
  location.reload();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches(".field-error")) return markField(event.target);
  if (drawer() && !drawer().hidden) markRow(location.pathname);
  if (event.target.id !== "drawer") return;
  drawer().hidden = false;
  drawer().scrollTop = 0;
  drawer().focus({ preventScroll: true });
});
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const isSentence = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  toast(isSentence ? xhr.responseText : `The server answered with error ${xhr.status}. Reload the page and try again.`);
});
document.addEventListener("htmx:sendError", () => {
  toast("The server could not be reached. Check the connection; this page shows what was read before.");
});
