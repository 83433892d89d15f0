"use strict";
{
  const form = document.getElementById("choose-claims");
  const message = form.querySelector("[role=status]");
  const selects = [...form.querySelectorAll("select")];
  const claims = [...document.querySelectorAll(".claim")].map((box) => ({ box, heading: box.previousElementSibling }));
  const sections = [...document.querySelectorAll("h2[id^=section-]")];

  const wanted = () => selects.filter((select) => select.value).map((select) => [select.name, select.value]);

  const show = () => {
    let shown = 0;
    for (const { box, heading } of claims) {
      const fits = wanted().every(([name, value]) => box.dataset[name] === value);
      box.hidden = heading.hidden = !fits;
      shown += fits;
    }
    for (const section of sections) section.hidden = !followers(section).some((heading) => !heading.hidden);
    message.textContent = `${shown} of ${claims.length} claims are shown.`;
  };

  const followers = (section) => {
    const found = [];
    for (let next = section.nextElementSibling; next && next.tagName !== "H2"; next = next.nextElementSibling) {
      if (next.tagName === "H3") found.push(next);
    }
    return found;
  };

  const remember = () => {
    const query = new URLSearchParams(wanted()).toString();
    history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
  };
  const recall = () => {
    const unknown = [];
    for (const [name, value] of new URLSearchParams(location.search)) {
      const select = selects.find((one) => one.name === name);
      if (select && [...select.options].some((option) => option.value === value)) select.value = value;
      else unknown.push(`${name}=${value}`);
    }
    show();
    if (unknown.length) message.textContent += ` The address also asks for what is not there: ${unknown.join(", ")}.`;
  };
  const reveal = () => {
    const heading = document.getElementById(location.hash.slice(1));
    if (!heading || !heading.hidden) return;
    for (const select of selects) select.value = "";
    show();
    remember();
    heading.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("change", () => {
    show();
    remember();
  });
  form.addEventListener("reset", () =>
    setTimeout(() => {
      show();
      remember();
    }),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  recall();
  reveal();
}
