// Keeps a page of the desks live: it shows what the stream tells, and changes nothing that somebody has typed.
(function () {
  "use strict";
  const live = document.querySelector(".live");
  if (!live || !window.EventSource) return;
  const changed = live.querySelector(".changed");
  const present = live.querySelector(".present");
  const people = live.querySelector(".people");
  let source = null;
  function begin() {
    if (source) return;
    source = new EventSource(live.dataset.stream);
    source.addEventListener("changed", function () { changed.hidden = false; });
    source.addEventListener("present", function (event) {
      people.textContent = event.data;
      present.hidden = event.data === "";
    });
  }
  function end() {
    if (source) source.close();
    source = null;
  }
  // A browser has few connections to one place: a page that nobody sees needs none. Its place in the journal stays, so that nothing is missed.
  document.addEventListener("visibilitychange", function () { document.hidden ? end() : begin(); });
  window.addEventListener("pagehide", end);
  if (!document.hidden) begin();
}());
