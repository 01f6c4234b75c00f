// What allauth's passkey scripts cannot say themselves: that the browser's question was closed, or failed.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const box = document.createElement("div");
  box.className = "banner banner-warn";
  const wasClosed = event.detail.exception?.name === "NotAllowedError";
  box.textContent = wasClosed
    ? "No key was used: the question of the browser was closed, or took too long. Try again."
    : "This browser or this key does not do it. Try another key, or sign in another way.";
  document.getElementById("toasts").replaceChildren(box);
});
