"""Whether a page fits its window: nothing beside it, nothing out of its box, every field wide enough to type in."""

from playwright.sync_api import Page

MISFITS = r"""async expectedWidth => {
  await new Promise(requestAnimationFrame);
  if (expectedWidth && window.innerWidth !== expectedWidth) return [`the window is ${window.innerWidth} px wide`];
  const found = [], seen = element => element.checkVisibility({visibilityProperty: true}) && element.clientWidth > 1;
  const name = element => `${element.tagName.toLowerCase()}.${element.className} "${words(element).slice(0, 40)}"`;
  const words = element => element.innerText.replace(/\s+/g, " ");
  const page = document.documentElement, isMiddling = window.innerWidth >= 768 && window.innerWidth < 1280;
  const mayScroll = box => box.querySelector(".matrix") || (isMiddling && getComputedStyle(box).overflowX == "auto");
  if (page.scrollWidth > window.innerWidth)
    found.push(`the page is ${page.scrollWidth} px wide in a window of ${window.innerWidth}`);
  for (const field of document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")) {
    const box = field.getBoundingClientRect(), isMark = ["checkbox", "radio"].includes(field.type);
    if (!seen(field)) continue;
    if (!isMark && box.width < 120) found.push(`${field.name || field.id} is ${Math.round(box.width)} px wide`);
    if (isMark && Math.abs(box.width - box.height) > 1) found.push(`${field.name}: ${box.width} by ${box.height} px`);
  }
  const boxes = ".card, .drawer, .banner, .wizard > *, .facts > dd, .table-wrap, th, td";
  for (const box of document.querySelectorAll(boxes)) {
    if (!seen(box) || box.closest(".visually-hidden")) continue;
    if (box.matches(".table-wrap") && mayScroll(box)) continue;
    if (box.scrollWidth > box.clientWidth + 1)
      found.push(`${name(box)} holds ${box.scrollWidth} px in ${box.clientWidth}`);
  }
  return found;
}"""


def misfits(page: Page, width: int | None = None) -> list[str]:
    """What does not fit, in words, once the page is drawn: in a window of that width, if one is given."""
    found: list[str] = page.evaluate(MISFITS, width)
    return found
