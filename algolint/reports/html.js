"use strict";
(() => {
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const findings = every(".finding");
  const form = document.getElementById("filter");
  const reveal = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView({block: "center"});
  };
  addEventListener("hashchange", reveal);
  reveal();
  if (!form) return;
  form.hidden = false;
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");
  const words = new Map(findings.map(finding => [finding, [
    finding.textContent, finding.closest(".file").querySelector("h2").textContent].join(" ").toLowerCase()]));
  const ticked = name => new Set(every(`input[name=${name}]:checked`, form).map(box => box.value));
  const apply = () => {
    const severities = ticked("severity"), rules = ticked("rule");
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const finding of findings) {
      finding.hidden = !(severities.has(finding.dataset.severity) && rules.has(finding.dataset.rule)
        && asked.every(word => words.get(finding).includes(word)));
    }
    for (const mark of every(".row > code mark")) {
      const ids = mark.dataset.for.split(" ");
      mark.classList.toggle("off", ids.every(id => document.getElementById(id).hidden));
    }
    for (const file of every(".file")) {
      file.hidden = !every(".finding", file).some(finding => !finding.hidden);
    }
    const left = findings.filter(finding => !finding.hidden).length;
    shown.textContent = left === findings.length ? `${left} shown` : `${left} of ${findings.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  for (const [id, checked] of [["all", true], ["none", false]]) {
    document.getElementById(id).addEventListener("click", () => {
      for (const box of every("input[name=rule]", form)) box.checked = checked;
      apply();
    });
  }
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    for (const fold of every(".fold")) fold.open = open;
  });
  const step = by => {
    const left = findings.filter(finding => !finding.hidden);
    if (!left.length) return;
    const at = left.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : left.length - 1) : (at + by + left.length) % left.length;
    left[next].focus({preventScroll: true});
    left[next].scrollIntoView({block: "center"});
  };
  addEventListener("click", event => {
    const mark = event.target.closest(".row > code mark:not(.off)");
    if (!mark || !getSelection().isCollapsed) return;
    const all = mark.dataset.for.split(" ").map(id => document.getElementById(id));
    all.find(finding => !finding.hidden).focus();
  });
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) { search.blur(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") { event.preventDefault(); search.focus(); }
  });
  apply();
})();
